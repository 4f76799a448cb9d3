-- Whether this Redis holds the shard whole.
--
-- KEYS   1 mark
-- ARGV   1 run_id
-- Answer 1, or 0: the shard is lost
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
