-- Notes a group among those of its product.
--
-- KEYS   1 types that nobody takes, 2 types that groups read, 3 groups of the type
-- ARGV   1 run_id (of no use here), 2 type, 3 group, 4 most types, 5 most groups of a type
-- Answer 1, or 0 where there are as many groups, -1 as many types
local known = redis.call('SISMEMBER', KEYS[2], ARGV[2]) == 1
if not known and redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[4]) then return -1 end
if redis.call('SISMEMBER', KEYS[3], ARGV[3]) == 0 and redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[5]) then return 0 end
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('ZREM', KEYS[1], ARGV[2])
return 1
