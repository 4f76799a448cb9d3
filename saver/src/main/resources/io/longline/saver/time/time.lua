-- What time it is in the Redis that holds a shard.
--
-- KEYS[1] a key of that shard, to find it by    ARGV[1] run_id (of no use here)
-- Answers milliseconds since 1970.
local time = redis.call('TIME')
return time[1] * 1000 + math.floor(time[2] / 1000)
