-- Sessions that a living room has, into a shard. The newest session of an endpoint gets the route, under its room's newest incarnation; one that turns out to
-- have been replaced is told so again, because the event may have been lost with the route. A session that was unbound is
-- not brought back, so this is safe at any time, also after the rebuild has finished. One that ended a moment ago has replaced the older
-- ones all the same, also where its device was forgotten with it, and whichever of them is told of first; its own route goes, where
-- Redis forgot that it ended. One that was kicked since, by a note that is still there, is told that.
--
-- KEYS   1 mark, 2 generation, 3 dead, 4 rooms, 5 events, 6 what the keys of routes begin with,
--        7 of devices, 8 of room indexes, 9 of who is online, 10 of what ended, then 11 that presence was compared: it is to be
--        once more, 12 what the keys of who was kicked begin with
-- ARGV   1 run_id, 2 fencing number of the claim, 3 most events in the stream, then for each session: 4 product, 5 user,
--        6 device, 7 place "room incarnation loop slot slot_generation", or "": it has ended, 8 generation, 9 since, 10 network
-- Answer {sessions that got their route, events that the full stream did not take}
--        error SHARD_LOST: the claim does not stand and the shard is not whole either, nothing was changed
local mark = redis.call('GET', KEYS[1])
if mark ~= ARGV[1] and mark ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end

-- include /io/longline/register/route/replaced.lua
-- include /io/longline/register/route/ended.lua
-- include /io/longline/register/route/known_device.lua
-- include /io/longline/register/route/remove_route.lua
-- include /io/longline/register/kick/kicks.lua

local restored, dropped = 0, 0

local function replaced(product, user, device, room, incarnation, session, generation, new_generation, why, reason)
  local told = tell_replaced(KEYS[5], tonumber(ARGV[3]), {
    product = product, user = user, device = device,
    room = room, incarnation = incarnation, session = session, generation = generation
  }, new_generation, why, reason)
  if not told then dropped = dropped + 1 end
end

local function restore(product, user, device, place, generation, since, network)
  local room, incarnation, session = string.match(place, '^(%S+) (%S+) (%S+ %S+ %S+)$')
  local owner = room .. '/' .. incarnation
  if redis.call('ZSCORE', KEYS[3], owner) then return end

  local routes, devices = KEYS[6] .. product .. '/' .. user, KEYS[7] .. product .. '/' .. user
  local member = product .. '/' .. user .. '/' .. device
  local last, state = '0', '2'
  local entry = redis.call('HGET', devices, device)
  if entry then
    last, state = string.match(entry, '^%d+ (%d+) ([012]) ')
  else
    last = string.format('%.0f', ended_at(KEYS[10] .. product .. '/' .. user, device))
  end
  local route = redis.call('HGET', routes, device)
  local old_room, old_incarnation, old_session, old_generation
  if route then
    old_room, old_incarnation, old_session, old_generation =
      string.match(route, '^(%S+) (%S+) (%S+ %S+ %S+) (%d+) %d+$')
  end
  local same_slot = route and old_room == room and old_session == session

  local kick = kick_since(KEYS[12] .. product .. '/' .. user, device, tonumber(generation))
  if kick then
    local newest = string.format('%.0f', math.max(tonumber(last), kick.generation))
    if not same_slot then
      replaced(product, user, device, room, incarnation, session, generation, newest, 'forgotten', kick.reason)
    end
  elseif tonumber(generation) < tonumber(last) then
    local why = state == '2' and 'forgotten' or 'replaced'
    if not same_slot then replaced(product, user, device, room, incarnation, session, generation, last, why) end
  elseif generation ~= last or same_slot and tonumber(incarnation) > tonumber(old_incarnation) then
    if route then
      redis.call('SREM', KEYS[8] .. old_room .. '/' .. old_incarnation, member)
      if not same_slot then
        replaced(product, user, device, old_room, old_incarnation, old_session, old_generation, generation)
      end
    end
    redis.call('HSET', routes, device, place .. ' ' .. generation .. ' ' .. since)
    -- One that neither Redis nor the journal knows was new when Redis was lost, or it was forgotten and is back.
    local is_known = state == '0' or state == '1'
    local born = is_known and born_of(entry) or generation
    redis.call('HSET', devices, device, since .. ' ' .. generation .. ' 1 ' .. born .. ' ' .. network)
    redis.call('SADD', KEYS[8] .. owner, member)
    redis.call('SADD', KEYS[4], owner)
    redis.call('ZADD', KEYS[9] .. product, 0, user)
    restored = restored + 1
  end
end

local function ended(product, user, device, generation)
  local routes, devices = KEYS[6] .. product .. '/' .. user, KEYS[7] .. product .. '/' .. user
  local entry = redis.call('HGET', devices, device)
  if not entry then -- forgotten: nobody has it, nor may an older one
    has_ended(KEYS[10] .. product .. '/' .. user, device, generation)
    return
  end
  local seen, last, rest = string.match(entry, '^(%d+) (%d+)( [01] .*)$')
  if not seen or tonumber(generation) < tonumber(last) then return end

  local route = redis.call('HGET', routes, device)
  if route then
    local room, incarnation, session, its_own = string.match(route, '^(%S+) (%S+) (%S+ %S+ %S+) (%d+) %d+$')
    local member = product .. '/' .. user .. '/' .. device
    remove_route(routes, device, KEYS[8] .. room .. '/' .. incarnation, member, KEYS[9] .. product, user)
    -- Its own: this Redis was lost after the bind and before the end was written.
    if its_own ~= generation then
      replaced(product, user, device, room, incarnation, session, its_own, generation)
    end
  end
  redis.call('HSET', devices, device, seen .. ' ' .. generation .. rest)
end

local highest = tonumber(redis.call('GET', KEYS[2]) or 0)
for i = 4, #ARGV, 7 do
  if ARGV[i + 3] == '' then
    ended(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 4])
  else
    restore(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6])
  end
  highest = math.max(highest, tonumber(ARGV[i + 4]))
end
redis.call('DEL', KEYS[11])
redis.call('SET', KEYS[2], string.format('%.0f', highest))
return {restored, dropped}
