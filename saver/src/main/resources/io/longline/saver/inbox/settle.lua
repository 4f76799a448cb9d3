-- Notes what became of a hint, or recalls a copy. Once it is settled, nobody has to hand the endpoint over again.
--
-- KEYS[1] mark    KEYS[2] unsent  KEYS[3] user
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device    ARGV[5] message id, or ''
-- ARGV[6] seq     ARGV[7] state: STORED, WRITTEN, DROPPED, EXPIRED, COLLAPSED, RECALLED   ARGV[8] reason, or ''
-- ARGV[9] of STORED and WRITTEN the room that the hint went to, else who ends it; or ''
-- ARGV[10] so long ago the hint went to that room, ms
-- ARGV[11] 1: of RECALLED, where there is no copy, one that comes is refused, 0: it is not    ARGV[12] events, as for tell.lua
-- Touches in the same slot: copy and inbox of the device, or of the heir it moved to; used; the outbox.
--
-- STORED and WRITTEN take the endpoint out of unsent, if nothing newer was stored there since. WRITTEN is noted in the
-- copy; that it was written also where it has ended meanwhile. The others are final: the copy leaves the inbox, and the
-- endpoint leaves unsent with its last one. What is WRITTEN is not recalled: it was sent.
-- What is to be refused gets a copy that has ended already ("void"), under a seq of its own, so that it is refused like any second copy.
-- Answers {state of the copy now ('' if there is no copy), device where it is, its seq, 1 if this call made it final, 1 if it is void,
-- 1 if the event of its end found no room}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, owner, device, id, seq, state = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
local events = ARGV[12]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/stage.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local COPY_KEPT_MS = 86400000
local USER_KEPT_MS = 10368000000
local COPY_BYTES, HOUR_MS = 190, 3600000 -- as for store.lua

local node, routed_ms = ARGV[9], ARGV[10]
local final = state ~= 'STORED' and state ~= 'WRITTEN'

local function settled(endpoint)
  local unsent = redis.call('ZSCORE', KEYS[2], endpoint)
  if unsent and tonumber(unsent) <= seq then redis.call('ZREM', KEYS[2], endpoint) end
end

if not final then settled(owner .. '/' .. device) end
if id == '' then return {'', device, seq, 0, 0, 0} end

local copy = tag .. ':copy:' .. owner .. '/' .. device .. '/' .. id
local known = redis.call('HMGET', copy, 'state', 'seq', 'to', 'w', 'void')
if not known[1] and not known[3] and device == 'default' then -- never there, or gone from there: perhaps at the heir
  known[3] = redis.call('HGET', KEYS[3], 'heir')
end
if known[3] then
  device = known[3]
  copy = tag .. ':copy:' .. owner .. '/' .. device .. '/' .. id
  known = redis.call('HMGET', copy, 'state', 'seq', 'to', 'w', 'void')
end
local now = now_ms()

local function refuse()
  local void_seq = math.max(tonumber(redis.call('HGET', KEYS[3], 'seq') or 0) + 1, now * 1024)
  redis.call('HSET', KEYS[3], 'seq', text(void_seq))
  redis.call('PEXPIRE', KEYS[3], USER_KEPT_MS)
  redis.call('HSET', copy, 'seq', text(void_seq), 'state', state, 'void', '1', 'e', stage(void_seq, now, node))
  redis.call('PEXPIRE', copy, COPY_KEPT_MS)
  redis.call('HINCRBY', tag .. ':used', 'copy:' .. text(math.floor(now / HOUR_MS)), COPY_BYTES + #copy + #node)
  return {state, device, void_seq, 1, 1, 0}
end

if not known[1] then
  if state == 'RECALLED' and ARGV[11] == '1' then return refuse() end
  return {'', device, seq, 0, 0, 0}
end
if seq > 0 and is_of_newer(known[2], seq) then return {'', device, seq, 0, 0, 0} end
local copy_seq = tonumber(known[2])
local open = known[1] == 'STORED' or known[1] == 'WRITTEN' and state ~= 'RECALLED'

-- include /io/longline/saver/inbox/may_write.lua
if state == 'WRITTEN' and (known[1] == 'STORED' or not known[4]) then
  if known[1] == 'STORED' then known[1] = state end
  redis.call('HSET', copy, 'state', known[1], 'w', stage(copy_seq, now, node, node ~= '' and '+' .. routed_ms))
elseif not final and node ~= '' then
  redis.call('HSET', copy, 'r', stage(copy_seq, now - tonumber(routed_ms), node))
elseif final and open then
  redis.call('HSET', copy, 'state', state, 'e', stage(copy_seq, now, node))
  if ARGV[8] ~= '' then redis.call('HSET', copy, 'reason', ARGV[8]) end
  local endpoint = owner .. '/' .. device
  if state == 'EXPIRED' or state == 'DROPPED' then tell(string.lower(state), endpoint, copy_seq, id, ARGV[8]) end
  local box, inbox = tag .. ':box:' .. endpoint, tag .. ':inbox:' .. endpoint
  local gone = redis.call('XDEL', inbox, known[2] .. '-0')
  local away = redis.call('HGET', box, 'away')
  if away and gone == 0 and tonumber(known[2]) <= tonumber(away) then redis.call('HINCRBY', box, 'away_n', -1) end
  if note_gone(endpoint, box, inbox, gone) == 0 and not away then settled(endpoint) end
  return {state, device, copy_seq, 1, 0, unheard}
end
return {known[1], device, copy_seq, 0, known[5] and 1 or 0, 0}
