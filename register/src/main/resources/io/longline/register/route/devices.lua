-- The devices of a user and the sessions of those that are connected, as of one moment.
--
-- KEYS   1 mark, 2 the user's routes, 3 the user's devices
-- ARGV   1 run_id
-- Answer {{device, "seen generation known network", ...}, {device, route as in locate.lua, ...}}
--        error SHARD_LOST: there may be some
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

return {redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[2])}
