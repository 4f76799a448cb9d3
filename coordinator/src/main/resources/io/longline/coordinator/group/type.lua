-- Something of a type is to be kept that neither a callback nor a group takes yet: there are only so many such types of a product.
--
-- KEYS   1 types that nobody takes, 2 types that groups read
-- ARGV   1 run_id (of no use here), 2 type, 3 most
-- Answer 1, or 0 where there are as many already
local time = redis.call('TIME')
if redis.call('SISMEMBER', KEYS[2], ARGV[2]) == 1 then return 1 end
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[2])
return 1
