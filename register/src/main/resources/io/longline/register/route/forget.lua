-- A device of a user, or all of them, are to be known no more, and their sessions end. Until the journal and the inboxes are told, each
-- stays as known 2, "being forgotten": nobody is shown it, and whoever binds it is new. Doing it again answers the same devices again.
-- What they followed is followed no more, and with all devices what a back end had the user follow.
--
-- KEYS   1 mark, 2 generation, 3 events, 4 the user's routes, 5 the user's devices, 6 what the keys of room indexes begin with,
--        7 who of the product is online, 8 what is followed of the user's, 9 what the keys of who follows a topic of the product begin with,
--        10 what the keys of presence begin with
-- ARGV   1 run_id, 2 product, 3 user, 4 device, or "": all of them, 5 most events in the stream, 6 over 0: only those that are not
--        connected and were last seen so many ms ago; of those whose forgetting did not come to its end, all, 7 "", or the generation
--        that devices.lua answered when this was asked for: who was bound since stays, however late this comes
-- Answer {generation, <now> by the clock of this Redis in ms, or when ARGV 7 was answered, sessions that end, devices that were known, {device, ...} that stay, as they were
--        bound since, {"device/topic", ...} of which the journal is to be told that they are followed no more, device "": by the user, device, device, ...}:
--        all that are being forgotten, those that were known first. Where there are none for ARGV 6, nothing was changed
--        {}: the stream is too full for the sessions. Nothing was changed
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/follow/unfollow_all.lua
-- include /io/longline/register/follow/tell_follows.lua
-- include /io/longline/register/route/presence.lua

local product, user, device, most_events = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local unseen = tonumber(ARGV[6])
local upto = tonumber(ARGV[7]) or math.huge
local GIVEN_UP_MS = 60000 -- by then a forgetting has come to its end or failed
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

local devices = device == '' and redis.call('HKEYS', KEYS[5]) or {device}
local known, others, routes, back, goes = {}, {}, {}, {}, {}
for _, each in ipairs(devices) do
  local entry = redis.call('HGET', KEYS[5], each)
  local route = redis.call('HGET', KEYS[4], each)
  local seen, bound, state = string.match(entry or '', '^(%d+) (%d+) ([012]) ')
  if route then bound = string.match(route, ' (%d+) %d+$') end
  if bound and tonumber(bound) > upto and state ~= '2' then
    back[#back + 1] = each
  elseif unseen == 0 or not route and ms - tonumber(seen) > (state == '2' and GIVEN_UP_MS or unseen) then
    table.insert(state == '1' and known or others, each)
    goes[each] = true
    if route then routes[#routes + 1] = {each, route} end
  end
end
if unseen > 0 and #known + #others == 0 then return {'0', now, 0, 0, {}, {}} end

-- With the user goes what a back end had it follow before, and what devices followed that nobody knows any more.
local whole_user = device == '' and unseen == 0
local stay, told = {}, {}
for _, each in ipairs(back) do stay[each] = true end
local function is_to_go(its_device, its)
  if its_device == '' then return whole_user and (its.state == '-' or its.version <= upto) end
  return goes[its_device] or whole_user and not stay[its_device]
end

-- Who stays, and is connected, is told that the user's topics have gone.
local users_go = false
for _, each in ipairs(all_records(KEYS[8])) do
  users_go = users_go or each.device == '' and is_to_go('', each.record)
end
for _, each in ipairs(users_go and back or {}) do
  local route = redis.call('HGET', KEYS[4], each)
  if route then told[#told + 1] = {each, route} end
end

local events = #routes + #told
if events > 0 and redis.call('XLEN', KEYS[3]) + events > most_events then return {} end

local last = tonumber(redis.call('GET', KEYS[2]) or 0)
local generation = string.format('%.0f', math.max(last + 1, ms * 1024))
redis.call('SET', KEYS[2], generation)

for i, each in ipairs(routes) do
  local room, incarnation, loop, slot, slot_generation, old_generation =
    string.match(each[2], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%d+) %d+$')
  redis.call('HDEL', KEYS[4], each[1])
  redis.call('SREM', KEYS[6] .. room .. '/' .. incarnation, product .. '/' .. user .. '/' .. each[1])
  redis.call('XADD', KEYS[3], '*', 'type', 'forgotten',
    'product', product, 'user', user, 'device', each[1],
    'room', room, 'incarnation', incarnation,
    'loop', loop, 'slot', slot, 'slot_generation', slot_generation,
    'generation', old_generation, 'new_generation', generation)
  local last_one = i == #routes and redis.call('EXISTS', KEYS[4]) == 0
  went(KEYS[10], product, user, each[1], old_generation, 'forgotten', last_one)
end

if redis.call('EXISTS', KEYS[4]) == 0 then redis.call('ZREM', KEYS[7], user) end

local fields = unfollow_all(KEYS[8], KEYS[9], user, generation, is_to_go)
for _, each in ipairs(told) do tell_follows(KEYS[3], product, user, each[1], each[2], generation) end

local at = string.format('%.0f', math.min(ms, math.floor(upto / 1024)))
local answer = {generation, at, #routes, #known, back, fields}
for _, list in ipairs({known, others}) do
  for _, each in ipairs(list) do
    redis.call('HSET', KEYS[5], each, now .. ' ' .. generation .. ' 2 ')
    answer[#answer + 1] = each
  end
end
return answer
