-- A session takes its endpoint. It gets a new generation, and whoever had the endpoint is replaced. One that is bound anew keeps its
-- generation: it is no newer than it was.
--
-- KEYS   1 mark, 2 generation, 3 dead, 4 rooms, 5 events,
--        6 the user's routes, 7 the user's devices, 8 what the keys of room indexes begin with, 9 who of the product is online
-- ARGV   1 run_id, 2 product, 3 user, 4 device, 5 place "room incarnation loop slot slot_generation", 6 network,
--        7 the generation under which the journal was told of the device, 0 if it was not, 8 most events in the stream,
--        9 the generation that this session had under its room's former incarnation, 0 if it is new,
--        10 after this time (ms) it is too late, 0 if it never is
-- Answer, with <now> by the clock of this Redis in ms,
--        "BOUND <generation> <nobody|told|dropped> <now>": what became of the event for the session that was replaced
--        "NOTE <generation>": the device is new; tell the journal, then bind again with ARGV 7. No route was changed
--        "OVERTAKEN <generation> <now>": ARGV 9 was given and this newer session came since. Nothing was changed
--        "LATE <ms> <now>": it came so much after ARGV 10. Nothing was changed
--        "DEAD": the incarnation is gone, or its room has bound this very session under a later one. Nothing was changed
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

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

local function bound(generation, replaced) return 'BOUND ' .. generation .. ' ' .. replaced .. ' ' .. now end

if redis.call('ZSCORE', KEYS[3], owner) then return 'DEAD' end

-- A device is "seen generation known network"; known is 0 as long as the journal may not have it, 2 while it is being forgotten.
local entry = redis.call('HGET', KEYS[7], device)
local forgotten = entry and string.match(entry, '^%d+ (%d+) 2 ')
if forgotten and previous > 0 then return 'OVERTAKEN ' .. forgotten .. ' ' .. now end
if not entry or forgotten then
  local generation = next_generation()
  redis.call('HSET', KEYS[7], device, now .. ' ' .. generation .. ' 0 ' .. network)
  return 'NOTE ' .. generation
end
local last_generation, known = string.match(entry, '^%d+ (%d+) ([01]) ')
if known == '0' then
  if noted < tonumber(last_generation) then return 'NOTE ' .. last_generation end
  last_generation = '0' -- what the journal was told of; no session had it
end

-- A route is "room incarnation loop slot slot_generation generation since".
local old = redis.call('HGET', KEYS[6], device)
local old_room, old_incarnation, old_session, old_generation
-- The same slot of another incarnation is this very session bound anew, or one that died with its process: nobody to tell.
local same_slot = false
if old then
  old_room, old_incarnation, old_session, old_generation =
    string.match(old, '^(%S+) (%S+) (%S+ %S+ %S+) (%d+) %d+$')
  same_slot = old_room == room and old_session == session
  if same_slot and old_incarnation == incarnation then return bound(old_generation, 'nobody') end
  if same_slot and tonumber(old_incarnation) > tonumber(incarnation) then return 'DEAD' end
end
if previous > 0 and tonumber(last_generation) > previous and not same_slot then
  return 'OVERTAKEN ' .. last_generation .. ' ' .. now
end

local function kept_generation()
  local last = tonumber(redis.call('GET', KEYS[2]) or 0)
  if last < previous then redis.call('SET', KEYS[2], string.format('%.0f', previous)) end
  return string.format('%.0f', previous)
end

-- Of the same slot, and yet newer: a register of an earlier release, which gave a new one each time.
local keeps = previous > 0 and previous >= tonumber(last_generation)
local generation = keeps and kept_generation() or next_generation()
if old then redis.call('SREM', KEYS[8] .. old_room .. '/' .. old_incarnation, member) end
redis.call('HSET', KEYS[6], device, place .. ' ' .. generation .. ' ' .. now)
redis.call('HSET', KEYS[7], device, now .. ' ' .. generation .. ' 1 ' .. network)
redis.call('SADD', KEYS[8] .. owner, member)
redis.call('SADD', KEYS[4], owner)
redis.call('ZADD', KEYS[9], 0, user)

if not old or same_slot then return bound(generation, 'nobody') end
if redis.call('XLEN', KEYS[5]) >= most_events then return bound(generation, 'dropped') end
local loop, slot, slot_generation = string.match(old_session, '^(%S+) (%S+) (%S+)$')
redis.call('XADD', KEYS[5], '*', 'type', 'replaced',
  'product', product, 'user', user, 'device', device,
  'room', old_room, 'incarnation', old_incarnation,
  'loop', loop, 'slot', slot, 'slot_generation', slot_generation,
  'generation', old_generation, 'new_generation', generation)
return bound(generation, 'told')
