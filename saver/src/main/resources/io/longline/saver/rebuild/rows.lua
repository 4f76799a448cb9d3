-- Puts back what the journal knows of messages, many at a time. Never overwrites what is here, and is harmless on a shard
-- in use.
--
-- KEYS[1] mark of the rebuild    KEYS[2] unsent
-- ARGV[1] run_id  ARGV[2] tag    ARGV[3] after so long a message is not put into the inbox but left away, ms; 0: never
-- ARGV[4..] for each endpoint: product/user, device, how many rows; and of each row, in the order of their seqs: seq,
--           message id, expires_at_ms, final state or '', reason or '', the message or '' of a final one, collapse key or ''
-- Touches in the same slot: user, box, inbox, collapse and copies of the endpoints, used, inboxes.
--
-- Answers how many messages wait now and did not before.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local COPY_KEPT_MS = 86400000
local USER_KEPT_MS = 10368000000
local COPY_BYTES, HOUR_MS = 180, 3600000
local ROW_ARGS = 7
local tag, away_ms = ARGV[2], tonumber(ARGV[3])
-- include /io/longline/saver/inbox/weigh.lua

local now = now_ms()
local copy_bytes = {} -- by the hour of the message

local function row_at(at)
  local seq = tonumber(ARGV[at])
  return {
    seq = seq, sent = math.floor(seq / 1024), id = ARGV[at + 1], expires = tonumber(ARGV[at + 2]), state = ARGV[at + 3],
    reason = ARGV[at + 4], message = ARGV[at + 5], collapse_key = ARGV[at + 6]
  }
end

local function note_copy(copy, is_new, row, state, taken_at)
  local left = row.sent + COPY_KEPT_MS - now
  if left <= 0 then return end
  redis.call(
    'HSET', copy, 'seq', text(row.seq), 'state', state, 'reason', row.reason, 'expires', text(row.expires))
  -- Perhaps taken over, perhaps its own: the journal does not tell them apart.
  if taken_at and row.seq < taken_at then redis.call('HSET', copy, 'taken', text(taken_at)) end
  redis.call('PEXPIRE', copy, text(left))
  if is_new then
    local hour = text(math.floor(row.sent / HOUR_MS))
    copy_bytes[hour] = (copy_bytes[hour] or 0) + COPY_BYTES + #copy
  end
end

local function entry_of(row)
  local fields = {'e', text(row.expires), 'i', row.id, 'm', row.message}
  if row.collapse_key ~= '' then
    fields[7], fields[8] = 'k', row.collapse_key
  end
  return {text(row.seq) .. '-0', fields}
end

local function seq_of(entry) return tonumber(string.match(entry[1], '^%d+')) end

-- A stream takes nothing below its top, also where the top was deleted: then it is written anew.
local function insert(inbox, rows)
  for i, row in ipairs(rows) do
    local entry = entry_of(row)
    local answer = redis.pcall('XADD', inbox, entry[1], unpack(entry[2]))
    if type(answer) == 'table' and answer.err then
      if not string.find(answer.err, 'equal or smaller') then error(answer.err) end
      local all = redis.call('XRANGE', inbox, '-', '+')
      for j = i, #rows do all[#all + 1] = entry_of(rows[j]) end
      table.sort(all, function(a, b) return seq_of(a) < seq_of(b) end)
      redis.call('DEL', inbox)
      for _, one in ipairs(all) do redis.call('XADD', inbox, one[1], unpack(one[2])) end
      return
    end
  end
end

local function restore(owner, device, first, count)
  local endpoint = owner .. '/' .. device
  local function key(kind) return tag .. ':' .. kind .. ':' .. endpoint end
  local user, box, inbox, collapse = tag .. ':user:' .. owner, key('box'), key('inbox'), key('collapse')
  local known = redis.call('HMGET', box, 'last', 'acked', 'soonest', 'away')
  local acked, away = tonumber(known[2] or 0), tonumber(known[4] or 0)
  local heir = redis.call('HMGET', user, 'heir', 'heir_at')
  local taken_at = heir[1] == device and tonumber(heir[2]) or 0
  local top = redis.call('XREVRANGE', inbox, '+', '-', 'COUNT', 1)[1]
  local top_seq = top and seq_of(top) or 0
  local newest, soonest, latest = 0, tonumber(known[3] or math.huge), 0
  local missing, weighs, gone, left_away = {}, 0, 0, 0
  local has_keys = false

  local function note_waiting(row, value)
    soonest, latest = math.min(soonest, row.expires), math.max(latest, row.expires)
    if row.collapse_key == '' then return end
    local noted = redis.call('HGET', collapse, row.collapse_key) or '0'
    if row.seq > tonumber(string.match(noted, '^%d+')) then
      redis.call('HSET', collapse, row.collapse_key, value)
      has_keys = true
    end
  end

  -- One that has the id of a newer row: it was stored before Redis was lost, and journaled when that had been rebuilt without it.
  local function take_out(id, seq)
    if seq <= top_seq then gone = gone + redis.call('XDEL', inbox, text(seq) .. '-0') end
    for i = #missing, 1, -1 do
      if missing[i].id == id then
        weighs = weighs - weight(id, missing[i].message, missing[i].collapse_key)
        table.remove(missing, i)
      end
    end
  end

  for i = 0, count - 1 do
    local row = row_at(first + i * ROW_ARGS)
    newest = math.max(newest, row.seq)
    local state = row.state
    if state == '' and row.seq <= acked then state = 'ACKED' end
    if state == '' and now >= row.expires then state = 'EXPIRED' end

    -- Of several rows with one id the newest is the message; there can be an older one that moved to another seq.
    local copy = key('copy') .. '/' .. row.id
    local there = redis.call('HMGET', copy, 'seq', 'state', 'to', 'guessed')
    local is_new, is_final = not there[1], there[2] and there[2] ~= 'STORED' and there[2] ~= 'WRITTEN'
    local is_this = there[1] and tonumber(there[1]) == row.seq
    local is_newer = there[1] and tonumber(there[1]) < row.seq
    if is_newer and not is_final then take_out(row.id, tonumber(there[1])) end

    if there[3] then
      -- Another device took it over, which the journal may not have heard of yet.
    elseif there[4] and is_this and row.state ~= '' then
      redis.call('HSET', copy, 'state', row.state, 'reason', row.reason)
      redis.call('HDEL', copy, 'guessed')
    elseif state ~= '' then
      if row.seq <= top_seq then gone = gone + redis.call('XDEL', inbox, text(row.seq) .. '-0') end
      if is_new or (is_this or is_newer) and not is_final then note_copy(copy, is_new, row, state) end
    elseif is_new or is_newer or is_this and not is_final then
      local is_here = row.seq <= top_seq and #redis.call('XRANGE', inbox, text(row.seq), text(row.seq)) > 0
      if not is_here then
        if not is_this then
          if not is_new then redis.call('HDEL', copy, 'r', 'w', 'e', 'void') end -- they are of the one before
          note_copy(copy, is_new, row, 'STORED', taken_at)
        end
        if away_ms == 0 or row.sent >= now - away_ms then
          missing[#missing + 1] = row
          weighs = weighs + weight(row.id, row.message, row.collapse_key)
          note_waiting(row, text(row.seq))
        elseif row.seq > away then -- what is below is counted already
          away, left_away = row.seq, left_away + 1
          note_waiting(row, text(row.seq) .. '/' .. row.id)
        end
      end
    end
  end

  if newest > tonumber(redis.call('HGET', user, 'seq') or 0) then
    redis.call('HSET', user, 'seq', text(newest))
    redis.call('PEXPIRE', user, USER_KEPT_MS)
  end
  if newest > tonumber(known[1] or 0) then redis.call('HSET', box, 'last', text(newest)) end
  if latest > 0 then redis.call('HSET', box, 'soonest', text(soonest)) end
  if left_away > 0 then
    redis.call('HSET', box, 'away', text(away))
    redis.call('HINCRBY', box, 'away_n', left_away)
  end
  redis.call('PEXPIRE', box, USER_KEPT_MS)

  if gone > 0 then note_gone(endpoint, box, inbox, gone) end
  local kept = math.max(redis.call('PTTL', inbox), latest - now + 60000)
  if #missing > 0 then
    insert(inbox, missing)
    redis.call('PEXPIRE', inbox, text(kept))
    local taken = tonumber(redis.call('HGET', box, 'bytes') or 0)
    note_bytes(box, taken, math.max(taken, NODE_BYTES) + weighs)
    redis.call('ZADD', tag .. ':inboxes', 'NX', text(missing[1].sent), endpoint)
    redis.call('ZADD', KEYS[2], 'GT', text(missing[#missing].seq), endpoint)
  end
  if has_keys then redis.call('PEXPIRE', collapse, text(math.max(redis.call('PTTL', collapse), kept))) end
  return #missing + left_away
end

local at, waiting = 4, 0
while at < #ARGV do
  local count = tonumber(ARGV[at + 2])
  waiting = waiting + restore(ARGV[at], ARGV[at + 1], at + 3, count)
  at = at + 3 + count * ROW_ARGS
end
for hour, bytes in pairs(copy_bytes) do redis.call('HINCRBY', tag .. ':used', 'copy:' .. hour, text(bytes)) end
return waiting
