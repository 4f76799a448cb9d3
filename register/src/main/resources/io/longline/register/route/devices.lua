-- The devices of a user, the sessions of those that are connected, and the topics that any of them follows, as of one moment.
--
-- KEYS   1 mark, 2 generation, 3 the user's routes, 4 the user's devices, 5 what is followed of the user's
-- ARGV   1 run_id
-- Answer {{device, "seen generation known born network", ...}, {device, route as in locate.lua, ...}, generation: whatever is bound later gets a higher one,
--        {topic, ...}, some more than once}
--        error SHARD_LOST: there may be some
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/follow/records.lua

local topics = {}
for _, each in ipairs(all_records(KEYS[5])) do
  if each.record.state == '1' then topics[#topics + 1] = each.topic end
end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local generation = math.max(tonumber(redis.call('GET', KEYS[2]) or 0), ms * 1024 - 1)

return {redis.call('HGETALL', KEYS[4]), redis.call('HGETALL', KEYS[3]), string.format('%.0f', generation), topics}
