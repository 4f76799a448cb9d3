-- Compares what was told of a product in a shard with who has a route, a page at a time, and notes what differs, to be told like any change.
--
-- KEYS   1 mark, 2 lease, 3 what the keys of presence begin with, 4 what the keys of the product's routes begin with,
--        5 who of the product is online
-- ARGV   1 run_id, 2 fencing number, 3 product, 4 of whom it is told: "device" or "user", 5 what to go through: "told" or "online",
--        6 where to go on: a cursor, or a user's name; "" at the beginning, 7 about so many of them
-- Answer {0}: the lease is another's now, nothing was changed
--        {1, noted, where to go on, or "": that was all}
--        error SHARD_LOST: who is online is not known, nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[2] then return {0} end

local product, per = ARGV[3], ARGV[4]
local due, changed, told = KEYS[3] .. 'due:' .. product, KEYS[3] .. 'changed:' .. product, KEYS[3] .. 'told:' .. product
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local noted = 0

-- What is noted already is left as it is. renewed: so that another generation alone is told, too.
local function note(name, generation, reason)
  if redis.call('ZADD', due, 'NX', now, name) == 0 then return end
  redis.call('HSET', changed, name, generation .. ' ' .. reason .. ' 1 0')
  redis.call('SADD', KEYS[3] .. 'products', product)
  noted = noted + 1
end

local function generation_of(route) return string.match(route or '', ' (%d+) %d+$') end

if ARGV[5] == 'told' then
  local page = redis.call('HSCAN', told, ARGV[6] == '' and '0' or ARGV[6], 'COUNT', ARGV[7])
  for i = 1, #page[2], 2 do
    local name = page[2][i]
    local user, device = string.match(name, '^([^/]+)/(.*)$')
    local before = string.match(page[2][i + 1], '^%d+')
    if (device == '') ~= (per == 'user') then
      note(name, before, 'lost')
    elseif device == '' then
      if redis.call('EXISTS', KEYS[4] .. user) == 0 then note(name, before, 'lost') end
    else
      local generation = generation_of(redis.call('HGET', KEYS[4] .. user, device))
      if generation ~= before then note(name, generation or before, generation and 'bound' or 'lost') end
    end
  end
  return {1, noted, page[1] == '0' and '' or page[1]}
end

local users = redis.call('ZRANGEBYLEX', KEYS[5], ARGV[6] == '' and '-' or '(' .. ARGV[6], '+', 'LIMIT', 0, ARGV[7])
for _, user in ipairs(users) do
  local routes = redis.call('HGETALL', KEYS[4] .. user)
  local first
  for i = 1, #routes, 2 do
    local generation = generation_of(routes[i + 1])
    if not first or tonumber(generation) < tonumber(first) then first = generation end
    if per == 'device' and redis.call('HEXISTS', told, user .. '/' .. routes[i]) == 0 then
      note(user .. '/' .. routes[i], generation, 'bound')
    end
  end
  if per == 'user' and first and redis.call('HEXISTS', told, user .. '/') == 0 then note(user .. '/', first, 'bound') end
end
return {1, noted, #users < tonumber(ARGV[7]) and '' or users[#users]}
