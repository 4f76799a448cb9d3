-- Claims a message id for one body, for 24 h.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id  ARGV[2] hash of the body    ARGV[3] 1: there is room for a new record, 0: there is none
-- Touches in the same slot: used.
--
-- Answers {outcome, when the first claim was made, ms, 1 if it was recalled since}: NEW, AGAIN (claimed but not answered: run it again), RECORDED
-- (it has its answer, or is kept to be sent later), CONFLICT (claimed for another body), NO_ROOM (it would be new).
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local KEPT_MS = 86400000
local RECORD_BYTES, HOUR_MS = 230, 3600000 -- what it takes but for its name; it is counted by the hour it was made in
local known = redis.call('HMGET', KEYS[2], 'hash', 'at', 'recorded', 'scheduled', 'recalled')
known[3] = known[3] or known[4]
if known[1] and known[1] ~= ARGV[2] or known[3] and not known[1] then return {'CONFLICT', tonumber(known[2] or 0), 0} end
if known[1] then return {known[3] and 'RECORDED' or 'AGAIN', tonumber(known[2]), known[5] and 1 or 0} end
if ARGV[3] ~= '1' then return {'NO_ROOM', 0, 0} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], 'hash', ARGV[2], 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[2], KEPT_MS)
local used = string.match(KEYS[1], '^{%w+}') .. ':used'
redis.call('HINCRBY', used, 'record:' .. string.format('%.0f', math.floor(now / HOUR_MS)), RECORD_BYTES + #KEYS[2])
return {'NEW', now, 0}
