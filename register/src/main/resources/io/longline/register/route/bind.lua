-- A session takes its endpoint. It gets a new generation, and whoever had the endpoint is replaced. One that is bound anew keeps its
-- generation: it is no newer than it was; at the place that it has already, only what network it is on is taken.
--
-- KEYS   1 mark, 2 generation, 3 dead, 4 rooms, 5 events,
--        6 the user's routes, 7 the user's devices, 8 what the keys of room indexes begin with, 9 who of the product is online,
--        10 what ended of the user's, 11 what is followed of the user's, 12 who of the user's was kicked,
--        13 what the keys of presence begin with
-- ARGV   1 run_id, 2 product, 3 user, 4 device, 5 place "room incarnation loop slot slot_generation", 6 network,
--        7 the generation under which the journal was told of the device, 0 if it was not, 8 most events in the stream,
--        9 the generation that this session had under its room's former incarnation, 0 if it is new,
--        10 after this time (ms) it is too late, 0 if it never is,
--        11 what happens to one device of the user too many: "allow", "replace" or "refuse", 12 how many may be connected,
--        13 of whom it is told that they came: "device", "user", or "": of nobody,
--        14 "1": what was left on its way to the journal may stay so, else "0"
-- Answer, with <now> by the clock of this Redis in ms,
--        "BOUND <generation> <nobody|told|dropped> <made way> <untold> <born> <now>": what became of the event for the session that was
--        replaced; sessions of other devices that end for this one, and those of them for whose event there was no room; when the
--        device was born. Then for each topic that it follows
--        " <topic> <offset after which it began> <1: a back end wants it so, else 0>"
--        "REFUSED <connected> <now>": so many other devices of the user are connected. Nothing was changed
--        "BLOCKED <ms> <now> <reason>": the user or the device was kicked, and may not be bound for so long. Nothing was changed
--        "KICKED <generation> <now> <reason>": ARGV 9 was given, and the session was kicked since, under this one. Nothing was changed
--        "NOTE <generation>": the device is new; tell the journal, then bind again with ARGV 7. No route was changed. Then for each topic that
--        an earlier life of the device followed, as the journal may not have heard of its end " <topic>": tell it under this generation, too
--        "LEFT": something of its topics was left on its way to the journal; settle.lua first, then bind again. No route was changed
--        "OVERTAKEN <generation> <now>": ARGV 9 was given and this newer session came since, of this device or of those that took
--        its place. Nothing was changed
--        "FORGOTTEN <generation> <now>": ARGV 9 was given, and the device was forgotten since, under this one. Nothing was changed
--        "LATE <ms> <now>": it came so much after ARGV 10. Nothing was changed
--        "DEAD": the incarnation is gone, or its room has bound this very session under a later one. Nothing was changed
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/route/replaced.lua
-- include /io/longline/register/route/ended.lua
-- include /io/longline/register/route/known_device.lua
-- include /io/longline/register/follow/followed.lua
-- include /io/longline/register/kick/kicks.lua
-- include /io/longline/register/route/presence.lua

local product, user, device, place, network = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local noted, most_events, previous = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local member = product .. '/' .. user .. '/' .. device
local room, incarnation, session = string.match(place, '^(%S+) (%S+) (%S+ %S+ %S+)$')
local owner = room .. '/' .. incarnation

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

local not_after = tonumber(ARGV[10])
if not_after > 0 and ms > not_after then return 'LATE ' .. string.format('%.0f', ms - not_after) .. ' ' .. now end

local function next_generation()
  local last = tonumber(redis.call('GET', KEYS[2]) or 0)
  local generation = string.format('%.0f', math.max(last + 1, ms * 1024))
  redis.call('SET', KEYS[2], generation)
  return generation
end

-- What a life of the device that was forgotten has left on its way to the journal. The new life has followed nothing yet.
local function left_of_earlier_life()
  local left = {}
  for _, each in ipairs(all_records(KEYS[11])) do
    if each.device == device and each.record.state == '-' then left[#left + 1] = each end
  end
  return left
end

local function note(generation)
  local answer = {'NOTE', generation}
  for _, each in ipairs(left_of_earlier_life()) do answer[#answer + 1] = each.topic end
  return table.concat(answer, ' ')
end

local made_way, untold, born, records = 0, 0, '0', {}
local function bound(generation, replaced)
  local answer = {'BOUND', generation, replaced, made_way, untold, born, now}
  for _, each in ipairs(followed(records, device)) do answer[#answer + 1] = each end -- unpack takes no more than about 8,000
  return table.concat(answer, ' ')
end

if redis.call('ZSCORE', KEYS[3], owner) then return 'DEAD' end

local block = previous == 0 and block_of(KEYS[12], device, ms)
if block then return 'BLOCKED ' .. string.format('%.0f', block.until_ms - ms) .. ' ' .. now .. ' ' .. block.reason end
local kick = previous > 0 and kick_since(KEYS[12], device, previous)
if kick then return 'KICKED ' .. string.format('%.0f', kick.generation) .. ' ' .. now .. ' ' .. kick.reason end

-- A route is "room incarnation loop slot slot_generation generation since".
local ROUTE = '^(%S+) (%S+) (%S+ %S+ %S+) (%d+) %d+$'
local function is_live(a_room, an_incarnation) return not redis.call('ZSCORE', KEYS[3], a_room .. '/' .. an_incarnation) end

local old = redis.call('HGET', KEYS[6], device)
local old_room, old_incarnation, old_session, old_generation
if old then old_room, old_incarnation, old_session, old_generation = string.match(old, ROUTE) end

-- The other devices of the user that are connected, in the order of their binds. Those of a room that was declared gone are not: its
-- sweep has not come to them yet.
local function others()
  local found, routes = {}, redis.call('HGETALL', KEYS[6])
  for i = 1, #routes, 2 do
    local its_room, its_incarnation, its_session, its_generation = string.match(routes[i + 1], ROUTE)
    if routes[i] ~= device and is_live(its_room, its_incarnation) then
      found[#found + 1] = {device = routes[i], room = its_room, incarnation = its_incarnation, session = its_session,
        generation = its_generation}
    end
  end
  table.sort(found, function(a, b) return tonumber(a.generation) < tonumber(b.generation) end)
  return found
end

-- A device that is connected takes its own place. A session that is bound anew is not refused, and nobody has to go for it; but it has
-- gone itself if so many newer ones came while it had no route, each of which would have ended it.
local policy, most = ARGV[11], tonumber(ARGV[12])
local leaving = {}
if policy ~= 'allow' and not (old and is_live(old_room, old_incarnation)) and redis.call('HLEN', KEYS[6]) >= most then
  local connected = others()
  local surplus = #connected - most + 1
  if surplus > 0 and previous == 0 and policy == 'refuse' then return 'REFUSED ' .. #connected .. ' ' .. now end
  if surplus > 0 and previous == 0 then
    for i = 1, surplus do leaving[i] = connected[i] end
  elseif surplus > 0 and policy == 'replace' and tonumber(connected[surplus].generation) > previous then
    return 'OVERTAKEN ' .. connected[#connected].generation .. ' ' .. now
  end
end

local entry = redis.call('HGET', KEYS[7], device)
local forgotten = entry and string.match(entry, '^%d+ (%d+) 2 ')
if forgotten and previous > 0 then return 'FORGOTTEN ' .. forgotten .. ' ' .. now end
local ended = previous > 0 and ended_at(KEYS[10], device) or 0
if ended > previous then return 'FORGOTTEN ' .. string.format('%.0f', ended) .. ' ' .. now end
if not entry or forgotten then
  local generation = next_generation()
  local its_born = previous > 0 and ARGV[9] or generation -- a session that is bound anew is of a device that was there before
  redis.call('HSET', KEYS[7], device, now .. ' ' .. generation .. ' 0 ' .. its_born .. ' ' .. network)
  return note(generation)
end
local last_generation, known = string.match(entry, '^%d+ (%d+) ([01]) ')
born = born_of(entry)
if known == '0' then
  if noted < tonumber(last_generation) then return note(last_generation) end
  for _, each in ipairs(left_of_earlier_life()) do
    if each.record.noting <= noted then redis.call('HDEL', KEYS[11], each.field) end
  end
  if born == '0' then born = last_generation end
  last_generation = '0' -- what the journal was told of; no session had it
end

-- Before it is told what it follows, the journal has that, too.
records = all_records(KEYS[11])
local is_unsettled = ARGV[14] ~= '1' and is_left(records, device)

-- The same slot of another incarnation is this very session bound anew, or one that died with its process: nobody to tell.
local same_slot = false
if old then
  same_slot = old_room == room and old_session == session
  if same_slot and old_incarnation == incarnation then
    if is_unsettled then return 'LEFT' end
    local head, rest = string.match(entry, '^(%d+ %d+ [01] )(.*)$')
    local _, its_network = born_and_network(rest)
    if its_network ~= network then redis.call('HSET', KEYS[7], device, head .. born .. ' ' .. network) end
    return bound(old_generation, 'nobody')
  end
  if same_slot and tonumber(old_incarnation) > tonumber(incarnation) then return 'DEAD' end
end
if previous > 0 and tonumber(last_generation) > previous and not same_slot then
  return 'OVERTAKEN ' .. last_generation .. ' ' .. now
end
if is_unsettled then return 'LEFT' end

local function kept_generation()
  local last = tonumber(redis.call('GET', KEYS[2]) or 0)
  if last < previous then redis.call('SET', KEYS[2], string.format('%.0f', previous)) end
  return string.format('%.0f', previous)
end

-- First what takes no memory: where Redis has none left it refuses all else as the first write of a script, and who could not come back
-- could not acknowledge what fills it.
redis.call('HDEL', KEYS[6], device)
local first = not old and redis.call('EXISTS', KEYS[6]) == 0

-- Of the same slot, and yet newer: a register of an earlier release, which gave a new one each time.
local keeps = previous > 0 and previous >= tonumber(last_generation)
local generation = keeps and kept_generation() or next_generation()
if old then redis.call('SREM', KEYS[8] .. old_room .. '/' .. old_incarnation, member) end
redis.call('HSET', KEYS[6], device, place .. ' ' .. generation .. ' ' .. now)
redis.call('HSET', KEYS[7], device, now .. ' ' .. generation .. ' 1 ' .. born .. ' ' .. network)
redis.call('SADD', KEYS[8] .. owner, member)
redis.call('SADD', KEYS[4], owner)
redis.call('ZADD', KEYS[9], 0, user)
if generation ~= old_generation then came(KEYS[13], ARGV[13], product, user, device, generation, first, old) end

local function told(its_device, its_room, its_incarnation, its_session, its_generation)
  return tell_replaced(KEYS[5], most_events, {
    product = product, user = user, device = its_device,
    room = its_room, incarnation = its_incarnation, session = its_session, generation = its_generation
  }, generation)
end

for _, other in ipairs(leaving) do
  redis.call('HDEL', KEYS[6], other.device)
  redis.call('SREM', KEYS[8] .. other.room .. '/' .. other.incarnation, product .. '/' .. user .. '/' .. other.device)
  -- Its device remembers this generation: whatever comes of that session still is older, also where its room binds it anew.
  local rest = string.match(redis.call('HGET', KEYS[7], other.device) or '', '^%d+ %d+( .*)$')
  if rest then redis.call('HSET', KEYS[7], other.device, now .. ' ' .. generation .. rest) end
  went(KEYS[13], product, user, other.device, other.generation, 'replaced', false)
  made_way = made_way + 1
  if not told(other.device, other.room, other.incarnation, other.session, other.generation) then untold = untold + 1 end
end

if not old or same_slot then return bound(generation, 'nobody') end
if not told(device, old_room, old_incarnation, old_session, old_generation) then return bound(generation, 'dropped') end
return bound(generation, 'told')
