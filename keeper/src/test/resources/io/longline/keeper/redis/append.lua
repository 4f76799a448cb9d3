-- KEYS: mark, key. ARGV: run_id, value.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
return redis.call('RPUSH', KEYS[2], ARGV[2])
