-- How many users of a product are online, of one shard, and how many devices some of them have, chosen at random.
--
-- KEYS   1 mark, 2 who of the product is online
-- ARGV   1 run_id, 2 what the keys of its users' routes begin with, 3 of so many users the devices are counted
-- Touches in the same slot: the routes of those users.
-- Answer {users, of so many of them the devices were counted, devices that these have connected}
--        error SHARD_LOST: there may be more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local looked, devices = 0, 0
for _, user in ipairs(redis.call('ZRANDMEMBER', KEYS[2], ARGV[3])) do
  looked = looked + 1
  devices = devices + redis.call('HLEN', ARGV[2] .. user)
end
return {redis.call('ZCARD', KEYS[2]), looked, devices}
