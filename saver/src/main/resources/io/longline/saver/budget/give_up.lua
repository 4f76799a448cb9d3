-- Gives up records that only explain what became of messages, the oldest first, until so much is free.
--
-- KEYS[1] mark    KEYS[2] used
-- ARGV[1] run_id  ARGV[2] bytes    ARGV[3] at most so many records
-- Touches in the same slot: the lists of such records, by hour, and the records.
--
-- One that was claimed since, or is to be sent later, stays. Answers {records that were given up, bytes that are free now}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

-- include /io/longline/saver/message/explains.lua

local tag, wanted, most = string.match(KEYS[1], '^{%w+}'), tonumber(ARGV[2]), tonumber(ARGV[3])

local hours = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  local hour = string.match(field, '^explain:(%d+)$')
  if hour then hours[#hours + 1] = hour end
end
table.sort(hours, function(a, b) return tonumber(a) < tonumber(b) end)

local function size_of(record, name)
  local bytes = RECORD_BYTES + #record + ENTRY_BYTES + #name
  for _, field in ipairs(redis.call('HKEYS', record)) do
    local target = string.match(field, '^to:(.*)$')
    if target then bytes = bytes + TARGET_BYTES + #target end
  end
  return bytes
end

local given_up, free = 0, 0

local function give_up(hour)
  local list, freed = tag .. ':explain:' .. hour, 0
  while free + freed < wanted and given_up < most do
    local name = redis.call('LPOP', list)
    if not name then
      redis.call('HDEL', KEYS[2], 'explain:' .. hour)
      return freed
    end
    local record = tag .. ':msg:' .. name
    local known = redis.call('HMGET', record, 'recorded', 'hash', 'scheduled')
    if known[1] and not known[2] and not known[3] then
      freed = freed + size_of(record, name)
      given_up = given_up + 1
      redis.call('UNLINK', record)
    end
  end
  local left = tonumber(redis.call('HGET', KEYS[2], 'explain:' .. hour) or 0) - freed
  redis.call('HSET', KEYS[2], 'explain:' .. hour, text(math.max(0, left)))
  return freed
end

for _, hour in ipairs(hours) do
  if free >= wanted or given_up >= most then break end
  free = free + give_up(hour)
end
return {given_up, free}
