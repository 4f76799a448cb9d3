-- Gives the lease of a shard's events back, if it is the caller's.
--
-- KEYS   1 lease
-- ARGV   1 run_id (of no use here), 2 fencing number
-- Answer 1, or 0 where it was another's
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], '') -- see hold.lua: where Redis has no memory left
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'holder', '', 'until', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return 1
