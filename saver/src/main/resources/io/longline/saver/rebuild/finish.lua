-- Ends a rebuild: from now on the shard is served.
--
-- KEYS[1] mark of the rebuild    KEYS[2] mark
-- ARGV[1] run_id
--
-- Answers 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

redis.call('SET', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 1
