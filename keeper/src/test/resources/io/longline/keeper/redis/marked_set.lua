-- KEYS: mark, key. ARGV: run_id, value.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
redis.call('SET', KEYS[2], ARGV[2])
return redis.call('STRLEN', KEYS[2])
