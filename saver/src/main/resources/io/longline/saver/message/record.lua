-- Records to whom a message went. Two runs of one claim may both do so: what either told remains. A claim that was lost with
-- Redis meanwhile is made again; where another body has it by now, nothing is recorded. One that was kept to be sent later has its
-- claim, whatever hash a newer release would make of it, and does not expire until it is finished.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id  ARGV[2] hash of the body, or '': nobody claimed the id    ARGV[3] the center that accepted it
-- ARGV[4] when it did, ms; 0: now    ARGV[5..] user/device, seq, user/device, seq, ...
-- Touches in the same slot: used.
--
-- Answers 1, or 0: another body has it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local KEPT_MS = 86400000
local RECORD_BYTES, COPY_BYTES, HOUR_MS = 230, 62, 3600000 -- what each takes but for its name
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bytes = 0
local accepted = ARGV[4] ~= '0' and ARGV[4] or string.format('%.0f', now)
local scheduled = redis.call('HEXISTS', KEYS[2], 'scheduled') == 1
if ARGV[2] ~= '' and not scheduled then
  redis.call('HSETNX', KEYS[2], 'hash', ARGV[2])
  if redis.call('HGET', KEYS[2], 'hash') ~= ARGV[2] then return 0 end
end
redis.call('HSETNX', KEYS[2], 'at', accepted)
redis.call('HSET', KEYS[2], 'recorded', '1/' .. ARGV[3])
for i = 5, #ARGV, 2 do
  local is_new = redis.call('HSET', KEYS[2], 'to:' .. ARGV[i], ARGV[i + 1])
  if is_new == 1 then bytes = bytes + COPY_BYTES + #ARGV[i] end
end
if redis.call('PTTL', KEYS[2]) < 0 and not scheduled then
  redis.call('PEXPIRE', KEYS[2], KEPT_MS)
  bytes = bytes + RECORD_BYTES + #KEYS[2]
end
local used = string.match(KEYS[1], '^{%w+}') .. ':used'
redis.call('HINCRBY', used, 'record:' .. string.format('%.0f', math.floor(now / HOUR_MS)), bytes)
return 1
