-- local function outbox_of(first, name): the keys of a stream, as they stand in KEYS from "first" on, and its name among the streams.
-- local function groups_of(outbox): the groups that read it, each with "name" and "at", the last seq that it was given.
-- local function wanted(outbox, groups, seq): whether one of them has not finished with an entry.
-- local function forget(outbox, entry): an entry that nobody wants leaves, as XRANGE answered it.
-- local function close_empty(outbox): what is done when something has left; nothing where something is behind the stream.
-- local function sweep(outbox, callback): what nobody wants any more leaves; "callback": whether there is one.
--
-- Keys from "first" on: stream, waiting, streams, groups, taken, leases, later; of the last two there is one for each group, with a slash and
-- its name behind what is given, in the same slot.
-- Of a stream that is empty the last seq is known for a day: the next one must be greater also within the same millisecond, and where the
-- clock has gone back, or its id would be an earlier one's and readers that are past it would never see it.
-- Bytes are never below 0: what releases before kept was not counted.
local function outbox_of(first, name)
  return {stream = KEYS[first], waiting = KEYS[first + 1], streams = KEYS[first + 2], groups = KEYS[first + 3],
      taken = KEYS[first + 4], leases = KEYS[first + 5] .. '/', later = KEYS[first + 6] .. '/', name = name}
end

local function groups_of(outbox)
  local groups = {}
  local flat = redis.call('HGETALL', outbox.groups)
  for i = 1, #flat, 2 do
    if not string.find(flat[i], '/', 1, true) then groups[#groups + 1] = {name = flat[i], at = tonumber(flat[i + 1])} end
  end
  return groups
end

local function wanted(outbox, groups, seq)
  for _, group in ipairs(groups) do
    if tonumber(seq) > group.at or redis.call('ZSCORE', outbox.leases .. group.name, seq)
        or redis.call('ZSCORE', outbox.later .. group.name, seq) then return true end
  end
  return false
end

local function forget(outbox, entry)
  local fields = {}
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  local endpoint = fields['u'] .. '/' .. fields['d']
  redis.call('XDEL', outbox.stream, entry[1])
  if redis.call('HINCRBY', outbox.waiting, endpoint, -1) <= 0 then redis.call('HDEL', outbox.waiting, endpoint) end
  local size = #(fields['b'] or '')
  -- Not of an empty one: Redis does not know -0.
  if size > 0 and redis.call('HINCRBY', outbox.waiting, 'bytes', -size) <= 0 then redis.call('HDEL', outbox.waiting, 'bytes') end
  redis.call('SREM', outbox.taken, string.match(entry[1], '^%d+'))
end

local function close_empty(outbox)
  if redis.call('XLEN', outbox.stream) > 0 or redis.call('EXISTS', outbox.stream .. '/backlog') == 1 then return end
  local last = redis.call('HGET', outbox.waiting, '')
  redis.call('DEL', outbox.stream, outbox.waiting, outbox.taken)
  redis.call('SREM', outbox.streams, outbox.name)
  if last then
    redis.call('HSET', outbox.waiting, '', last)
    redis.call('PEXPIRE', outbox.waiting, 86400000)
  end
end

local function sweep(outbox, callback)
  local groups = groups_of(outbox)
  for _, seq in ipairs(redis.call('SMEMBERS', outbox.taken)) do
    if not wanted(outbox, groups, seq) then
      local found = redis.call('XRANGE', outbox.stream, seq .. '-0', seq .. '-0')
      if #found == 1 then forget(outbox, found[1]) else redis.call('SREM', outbox.taken, seq) end
    end
  end
  if callback or #groups == 0 then return close_empty(outbox) end
  local all_had = math.huge
  for _, group in ipairs(groups) do all_had = math.min(all_had, group.at) end
  local from = '-'
  repeat
    local page = redis.call('XRANGE', outbox.stream, from, string.format('%.0f', all_had) .. '-0', 'COUNT', 32)
    for _, entry in ipairs(page) do
      if not wanted(outbox, groups, string.match(entry[1], '^%d+')) then forget(outbox, entry) end
      from = '(' .. entry[1]
    end
  until #page == 0
  close_empty(outbox)
end
