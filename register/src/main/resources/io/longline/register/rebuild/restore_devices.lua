-- Devices that the journal knows, or knows as forgotten, into a shard that this rebuild has claimed. What is there is left as it is, but for
-- what is older than the journal: a Redis that was rolled back has it, and the device was forgotten since. The journal is told of a device once
-- in its life, with its first bind, so under its generation there the device was born.
--
-- KEYS   1 mark, 2 generation, then what keys begin with: 3 of routes, 4 of devices, 5 of room indexes, 6 of who is online, 7 of what ended
-- ARGV   1 run_id, 2 fencing number of the claim, then for each device: 3 "product/user", 4 device, 5 generation, 6 "1": forgotten, else "0"
-- Answer how many were missing, older, or not forgotten
--        error SHARD_LOST: the claim does not stand (any more), nothing was changed
if redis.call('GET', KEYS[1]) ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end
-- include /io/longline/register/route/ended.lua
-- include /io/longline/register/route/known_device.lua
-- include /io/longline/register/route/remove_route.lua

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

local function remove_older_route(owner, device, generation)
  local routes = KEYS[3] .. owner
  local route = redis.call('HGET', routes, device)
  local room, incarnation, its_generation = string.match(route or '', '^(%S+) (%S+) %S+ %S+ %S+ (%d+) %d+$')
  if not room or tonumber(its_generation) >= generation then return end
  local product, user = string.match(owner, '^([^/]+)/(.+)$')
  remove_route(routes, device, KEYS[5] .. room .. '/' .. incarnation, owner .. '/' .. device, KEYS[6] .. product, user)
end

local highest, restored = tonumber(redis.call('GET', KEYS[2]) or 0), 0
for i = 3, #ARGV, 4 do
  local owner, device, generation, forgotten = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3] == '1'
  local devices = KEYS[4] .. owner
  highest = math.max(highest, generation)
  local entry = redis.call('HGET', devices, device)
  local last, known = string.match(entry or '', '^%d+ (%d+) ([012]) ')
  if forgotten then
    if entry and tonumber(last) < generation then
      redis.call('HDEL', devices, device)
      restored = restored + 1
    end
    remove_older_route(owner, device, generation)
    has_ended(KEYS[7] .. owner, device, generation)
  elseif not entry or known == '0' or tonumber(last) < generation - 1 then
    -- Its sessions have the generation that the journal was told, or higher ones: restore_routes.lua takes any of them, and who had
    -- the device before gives nothing back any more. When it was last seen was lost with Redis: as of now, so that it is not
    -- forgotten for not having been seen.
    local born = string.format('%.0f', generation)
    redis.call('HSET', devices, device, now .. ' ' .. string.format('%.0f', generation - 1) .. ' 1 ' .. born .. ' ')
    remove_older_route(owner, device, generation)
    restored = restored + 1
  elseif known == '1' and born_of(entry) == '0' then
    local head, rest = string.match(entry, '^(%d+ %d+ 1 )(.*)$')
    local _, network = born_and_network(rest)
    redis.call('HSET', devices, device, head .. string.format('%.0f', generation) .. ' ' .. network)
  end
end
redis.call('SET', KEYS[2], string.format('%.0f', highest))
return restored
