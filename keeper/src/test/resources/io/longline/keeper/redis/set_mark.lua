-- KEYS: mark. ARGV: run_id.
return redis.call('SET', KEYS[1], ARGV[1])
