-- Records to whom a message went. Two runs of one claim may both do so: what either told remains.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id  ARGV[2..] user/device, seq, user/device, seq, ...
--
-- Answers 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local KEPT_MS = 86400000
redis.call('HSET', KEYS[2], 'recorded', '1')
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], 'to:' .. ARGV[i], ARGV[i + 1]) end
if redis.call('PTTL', KEYS[2]) < 0 then redis.call('PEXPIRE', KEYS[2], KEPT_MS) end
return 1
