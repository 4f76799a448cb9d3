-- Appends a copy of a message to an inbox, once for each message id. A copy for "default" goes to its heir.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device
-- ARGV[5] message id    ARGV[6] expires_at_ms    ARGV[7] the message    ARGV[8] how many an inbox holds
-- ARGV[9] collapse key, or '': the newest message with it that nobody was sent yet gives way to this one
-- ARGV[10] 1: there is room for a new message, 0: there is none    ARGV[11] this saver
-- ARGV[12] the job that it is of, or '': its acks are counted    ARGV[13] events, as for tell.lua
-- Touches in the same slot: box, inbox, collapse and copies of the device that gets it; where events are told, expiring and the outbox.
--
-- Answers {device, seq, before, state, repeated, reason, older, older id, expired, unheard}: repeated is 1 where the copy was there
-- already, state is what became of it and reason why it was dropped, before is the seq of the message that waits next
-- below it (0: none), older is the seq of the message that gave way to it (0: none), expired how many copies were found to
-- have expired, unheard how many events of that found no room. Or {'FULL'}; {'NO_ROOM'}: it is a new
-- one; {'AWAY'}: the inbox is full with messages in MySQL alone, of which some may have expired.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local COPY_KEPT_MS = 86400000         -- an id is refused for 24 h
local USER_KEPT_MS = 10368000000      -- 120 days without a push, a bind or an ack
local GRACE_MS = 10000                -- what was on its way when it expired may still be acknowledged
-- What a copy takes with all its stages, but for its name and those of the three nodes it passes; it is counted by the hour it
-- was stored in.
local COPY_BYTES, HOUR_MS = 190, 3600000

local tag, owner, device, id, events = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[13]
local expires, limit = tonumber(ARGV[6]), tonumber(ARGV[8])
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/stage.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua
local now = now_ms()

local function seq_of(entry) return tonumber(string.match(entry[1], '^%d+')) end
local function key(kind, of) return tag .. ':' .. kind .. ':' .. owner .. '/' .. of end

local function next_below(inbox, bound)
  local entry = redis.call('XREVRANGE', inbox, bound, '-', 'COUNT', 1)[1]
  return entry and seq_of(entry) or 0
end

local expired = 0

-- Drops what has expired; answers when the next of the rest will.
local function drop_expired(endpoint, box, inbox)
  local soonest
  local dropped = 0
  for _, entry in ipairs(redis.call('XRANGE', inbox, '-', '+')) do
    local ends = tonumber(entry[2][2])
    if now >= ends + GRACE_MS then
      local copy = key('copy', endpoint .. '/' .. entry[2][4])
      local state = state_of(copy, string.match(entry[1], '^%d+'))
      if is_open(state) then tell('expired', owner .. '/' .. endpoint, seq_of(entry), entry[2][4]) end
      if state == 'STORED' or state == 'WRITTEN' then
        redis.call('HSET', copy, 'state', 'EXPIRED')
        expired = expired + 1
      end
      redis.call('XDEL', inbox, entry[1])
      dropped = dropped + 1
    elseif not soonest or ends < soonest then
      soonest = ends
    end
  end
  note_gone(owner .. '/' .. endpoint, box, inbox, dropped)
  return soonest
end

local known = redis.call('HMGET', KEYS[2], 'seq', 'heir')
if device == 'default' and known[2] then device = known[2] end

local function copy_at(at)
  return redis.call('HMGET', key('copy', at .. '/' .. id), 'seq', 'state', 'to', 'reason', 'over', 'over_id')
end

local there = copy_at(device)
if there[3] then -- it moved to the heir
  device = there[3]
  there = copy_at(device)
end
if not there[1] and device ~= ARGV[4] then
  local ended = copy_at(ARGV[4])
  if ended[2] == 'RECALLED' then -- before there was an heir
    device, there = ARGV[4], ended
  end
end
local box, inbox = key('box', device), key('inbox', device)
local boxed = redis.call('HMGET', box, 'soonest', 'bytes', 'away', 'away_n')
local away, away_n = tonumber(boxed[3] or 0), tonumber(boxed[4] or 0)
if there[1] then
  local before = next_below(inbox, '(' .. there[1] .. '-0')
  if away > 0 then before = math.max(before, math.min(away, tonumber(there[1]) - 1)) end
  return {device, tonumber(there[1]), before, there[2], 1, there[4] or '', tonumber(there[5] or 0), there[6] or '', 0, 0}
end
if ARGV[10] ~= '1' then return {'NO_ROOM'} end

-- The message that gives way to this one: {seq, id, whether it is away}. Of one that left for MySQL the id stands beside
-- its seq.
local collapse, collapse_key = key('collapse', device), ARGV[9]
local function older()
  local newest = collapse_key ~= '' and redis.call('HGET', collapse, collapse_key)
  if not newest then return nil end
  local seq, over_id = string.match(newest, '^(%d+)/?(.*)$')
  local entry = redis.call('XRANGE', inbox, seq, seq)[1]
  if entry then over_id = entry[2][4] elseif tonumber(seq) > away then over_id = '' end
  local unsent = over_id ~= '' and state_of(key('copy', device .. '/' .. over_id), seq) == 'STORED'
  return unsent and {tonumber(seq), over_id, not entry} or nil
end

-- Keys whose message is gone are dropped when they are more than what waits.
local function note_collapse_key(seq, ends)
  if redis.call('HLEN', collapse) > 2 * (redis.call('XLEN', inbox) + away_n) + 16 then
    local fields = redis.call('HGETALL', collapse)
    for i = 1, #fields, 2 do
      local seq = string.match(fields[i + 1], '^%d+')
      local gone = tonumber(seq) > away and #redis.call('XRANGE', inbox, seq, seq) == 0
      if gone then redis.call('HDEL', collapse, fields[i]) end
    end
  end
  redis.call('HSET', collapse, collapse_key, text(seq))
  if redis.call('PTTL', collapse) < ends - now then redis.call('PEXPIREAT', collapse, text(ends)) end
end

local soonest = tonumber(boxed[1] or expires)
local over = older()
local function is_full() return redis.call('XLEN', inbox) + away_n - (over and 1 or 0) >= limit end
if is_full() then
  if now >= soonest + GRACE_MS then
    if away > 0 then return {'AWAY'} end
    soonest = drop_expired(device, box, inbox) or expires
    redis.call('HSET', box, 'soonest', text(soonest))
  end
  over = older() -- it may have expired just now
  if is_full() then return {'FULL'} end
  boxed[2] = redis.call('HGET', box, 'bytes')
end
if over then
  redis.call('HSET', key('copy', device .. '/' .. over[2]), 'state', 'COLLAPSED', 'e', stage(over[1], now, ARGV[11]))
  if over[3] then
    redis.call('HINCRBY', box, 'away_n', -1)
  else
    redis.call('XDEL', inbox, text(over[1]) .. '-0')
    note_gone(owner .. '/' .. device, box, inbox, 1)
    boxed[2] = redis.call('HGET', box, 'bytes')
  end
end

local before = next_below(inbox, '+')
local taken = tonumber(boxed[2] or 0)
local takes = (before == 0 and NODE_BYTES or taken) + weight(id, ARGV[7], collapse_key)
if before == 0 then redis.call('ZADD', tag .. ':inboxes', text(now), owner .. '/' .. device) end
before = math.max(before, away)
local seq = math.max(tonumber(known[1] or 0) + 1, now * 1024)
redis.call('HSET', KEYS[2], 'seq', text(seq))
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
redis.call('HSET', box, 'last', text(seq), 'soonest', text(math.min(soonest, expires)), 'bytes', text(takes))
redis.call('HINCRBY', tag .. ':used', 'inbox', text(takes - taken))
redis.call('PEXPIRE', box, USER_KEPT_MS)
local entry = {'e', ARGV[6], 'i', id, 'm', ARGV[7]}
if collapse_key ~= '' then
  entry[7], entry[8] = 'k', collapse_key
end
redis.call('XADD', inbox, text(seq) .. '-0', unpack(entry))
local ends = math.max(expires, now) + 60000
if redis.call('PTTL', inbox) < ends - now then redis.call('PEXPIREAT', inbox, text(ends)) end
if collapse_key ~= '' then note_collapse_key(seq, ends) end
local copy = key('copy', device .. '/' .. id)
redis.call('HSET', copy, 'seq', text(seq), 'state', 'STORED', 'expires', ARGV[6], 'n', ARGV[11])
if over then redis.call('HSET', copy, 'over', text(over[1]), 'over_id', over[2]) end
if ARGV[12] ~= '' then redis.call('HSET', copy, 'j', ARGV[12]) end
redis.call('PEXPIRE', copy, COPY_KEPT_MS)
redis.call('HINCRBY', tag .. ':used', 'copy:' .. text(math.floor(now / HOUR_MS)), COPY_BYTES + #copy + 3 * #ARGV[11] + #ARGV[12])
redis.call('ZADD', KEYS[3], 'GT', text(seq), owner .. '/' .. device)
if events ~= '' then redis.call('ZADD', tag .. ':expiring', 'LT', text(expires), owner .. '/' .. device) end
return {device, seq, before, 'STORED', 0, '', over and over[1] or 0, over and over[2] or '', expired, unheard}
