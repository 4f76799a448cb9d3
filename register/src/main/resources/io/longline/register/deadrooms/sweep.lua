-- An incarnation is gone: it may bind nothing any more, and some of its routes are taken away.
-- Called again until none is left.
--
-- KEYS   1 mark, 2 dead, 3 rooms, 4 the index of this incarnation,
--        5 what the keys of routes begin with, 6 what the keys of devices begin with, 7 and those of who is online, 8 and those of presence
-- ARGV   1 run_id, 2 room, 3 incarnation, 4 most members of the index to look at, 5 for how many ms it stays in "dead"
-- Answer {routes taken away, members left in the index}
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/route/presence.lua

local owner = ARGV[2] .. '/' .. ARGV[3]
local place = ARGV[2] .. ' ' .. ARGV[3] .. ' '

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', ms - tonumber(ARGV[5])))
redis.call('ZADD', KEYS[2], now, owner)

local taken = 0
for _, member in ipairs(redis.call('SPOP', KEYS[4], ARGV[4])) do
  local user, device = string.match(member, '^([^/]+/[^/]+)/(.+)$')
  local route = redis.call('HGET', KEYS[5] .. user, device)
  if route and string.sub(route, 1, #place) == place then
    redis.call('HDEL', KEYS[5] .. user, device)
    local product, name = string.match(user, '^([^/]+)/(.+)$')
    local last = redis.call('EXISTS', KEYS[5] .. user) == 0
    if last then redis.call('ZREM', KEYS[7] .. product, name) end
    went(KEYS[8], product, name, device, string.match(route, ' (%d+) %d+$'), 'node_lost', last)
    local entry = redis.call('HGET', KEYS[6] .. user, device)
    if entry then redis.call('HSET', KEYS[6] .. user, device, now .. string.match(entry, '^%d+(.*)$')) end
    taken = taken + 1
  end
end

local left = redis.call('SCARD', KEYS[4])
if left == 0 then redis.call('SREM', KEYS[3], owner) end
return {taken, left}
