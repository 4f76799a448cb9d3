-- Ends a rebuild: from now on the shard is served.
--
-- KEYS[1] mark of the rebuild    KEYS[2] mark    KEYS[3] when the shard was last known to be whole
-- ARGV[1] run_id
--
-- Answers 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[3], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
redis.call('DEL', KEYS[1])
return 1
