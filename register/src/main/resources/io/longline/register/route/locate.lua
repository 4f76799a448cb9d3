-- Where the session of an endpoint is.
--
-- KEYS   1 mark, 2 the user's routes
-- ARGV   1 run_id, 2 device
-- Answer "room incarnation loop slot slot_generation generation since", or nil: nowhere
--        error SHARD_LOST: it may be somewhere
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

return redis.call('HGET', KEYS[2], ARGV[2])
