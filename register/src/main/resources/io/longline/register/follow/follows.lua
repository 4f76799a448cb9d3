-- The topics that an endpoint follows.
--
-- KEYS   1 mark, 2 what is followed of the user's
-- ARGV   1 run_id, 2 device
-- Answer {topic, the offset after which it began, "1": a back end wants it so, else "0", topic, ...}
--        error SHARD_LOST: there may be more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/follow/followed.lua

return followed(KEYS[2], ARGV[2])
