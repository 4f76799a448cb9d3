-- Notes what became of a hint, or recalls a copy. Once it is settled, nobody has to hand the endpoint over again.
--
-- KEYS[1] mark    KEYS[2] unsent
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device    ARGV[5] message id, or ''
-- ARGV[6] seq     ARGV[7] state: STORED, WRITTEN, DROPPED, EXPIRED, RECALLED         ARGV[8] reason, or ''
-- Touches in the same slot: copy and inbox of the device, or of the heir it moved to.
--
-- STORED and WRITTEN take the endpoint out of unsent, if nothing newer was stored there since. WRITTEN is noted in the
-- copy. The others are final: the copy leaves the inbox, and the endpoint leaves unsent with its last one. What is WRITTEN is
-- not recalled: it was sent.
-- Answers {state of the copy now ('' if there is no copy), device where it is, its seq, 1 if this call made it final}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, owner, device, id, seq, state = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
-- include /io/longline/saver/inbox/weigh.lua

local final = state ~= 'STORED' and state ~= 'WRITTEN'

local function settled(endpoint)
  local unsent = redis.call('ZSCORE', KEYS[2], endpoint)
  if unsent and tonumber(unsent) <= seq then redis.call('ZREM', KEYS[2], endpoint) end
end

if not final then settled(owner .. '/' .. device) end
if id == '' then return {'', device, seq, 0} end

local copy = tag .. ':copy:' .. owner .. '/' .. device .. '/' .. id
local known = redis.call('HMGET', copy, 'state', 'seq', 'to')
if known[3] then
  device = known[3]
  copy = tag .. ':copy:' .. owner .. '/' .. device .. '/' .. id
  known = redis.call('HMGET', copy, 'state', 'seq')
end
if not known[1] then return {'', device, seq, 0} end
local open = known[1] == 'STORED' or known[1] == 'WRITTEN' and state ~= 'RECALLED'
if not open or state == 'STORED' then
  return {known[1], device, tonumber(known[2]), 0}
end

redis.call('HSET', copy, 'state', state, 'reason', ARGV[8])
if final then
  local endpoint = owner .. '/' .. device
  local box, inbox = tag .. ':box:' .. endpoint, tag .. ':inbox:' .. endpoint
  local gone = redis.call('XDEL', inbox, known[2] .. '-0')
  local away = redis.call('HGET', box, 'away')
  if away and gone == 0 and tonumber(known[2]) <= tonumber(away) then redis.call('HINCRBY', box, 'away_n', -1) end
  if note_gone(endpoint, box, inbox, gone) == 0 and not away then settled(endpoint) end
end
return {state, device, tonumber(known[2]), final and 1 or 0}
