-- An endpoint, or all that a user has and will have, follows a topic from now on, or no longer. Nothing is so before the journal has it:
-- first a version is drawn for the journal to be told under, then this is called again with it. Doing it all again changes nothing.
--
-- KEYS   1 mark, 2 generation, 3 events, 4 the user's routes, 5 what is followed of the user's, 6 who follows the topic
-- ARGV   1 run_id, 2 product, 3 user, 4 device, or "": a back end wants it, for all devices, 5 topic, 6 "1": follows, "0": no longer,
--        7 the offset after which it begins, 8 the generation of the session whose client wants it; of no use for a back end,
--        9 the version under which the journal was told, 0 if it was not, 10 the offset that it was told, 11 "1": it was told that the device
--        stands against its user, else "0", 12 how many topics a device, or the user for all of them, may follow, 13 most events in the stream,
--        14 "1": of a client that may follow it only where a back end has its user follow it, else "0"
-- Answer {"NOTE", version, offset, "1": the device does not though its user does, else "0", device, device, ...}: tell the journal under this
--        version, that it begins after this offset, and that these devices do so too, after ARGV 7, as their own wishes are older;
--        then call again with ARGV 9 to 11. Nothing was changed
--        {"DONE", offset, by_back_end}: so it is; the offset after which it began, "0" if it is not followed, "1": it is, and a back end has the
--        user follow it, else "0". Sessions are told of a back end's change, and of a client's the one that has the endpoint since
--        {"STALE"}: another session has the endpoint, or none. Nothing was changed
--        {"DENIED"}: ARGV 14, and no back end has the user follow it. Nothing was changed
--        {"MANY", followed}: as many topics as it may. Nothing was changed
--        {"FULL"}: the stream is too full to tell the sessions. Nothing was changed
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/follow/records.lua
-- include /io/longline/register/follow/tell_follows.lua

local GIVEN_UP_MS = 60000 -- by then a call has come to its end or failed

local product, user, device, topic = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local wanted, from = ARGV[6] == '1', tonumber(ARGV[7])
local noted, noted_from, noted_against = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11] == '1'
local by_back_end, field = device == '', device .. '/' .. topic

local records = all_records(KEYS[5])
local own, users
local devices = {} -- of the user that say anything of this topic
for _, each in ipairs(records) do
  if each.field == field then own = each.record end
  if each.field == '/' .. topic then users = each.record end
  if each.topic == topic and each.device ~= '' then devices[#devices + 1] = each end
end
local users_follow = users ~= nil and users.state == '1'
local is_denied = wanted and not users_follow and ARGV[14] == '1'

local function done(its_from)
  return {'DONE', string.format('%.0f', its_from), wanted and (by_back_end or users_follow) and '1' or '0'}
end

local route = redis.call('HGET', KEYS[4], device)
local is_owner = string.match(route or '', ' (%d+) %d+$') == ARGV[8]

-- Whose sessions are told: of a back end's change all of the user's. Of a client's, where another session has the endpoint by the time
-- that the journal knows, that one: it was bound with what was so before.
local routes = {}
if by_back_end then
  routes = redis.call('HGETALL', KEYS[4])
elseif route and not is_owner then
  routes = {device, route}
end
local function is_full() return #routes > 0 and redis.call('XLEN', KEYS[3]) + #routes / 2 > tonumber(ARGV[13]) end

-- Whether a change under this version leaves the device not following though its user does: a back end's newer wish counts.
local function is_against(version) return not by_back_end and not wanted and users_follow and users.version < version end

-- It was drawn for this record, and nothing newer has come.
local function is_noted(its) return its ~= nil and its.version <= noted and its.noting >= noted end

-- What was drawn later is still to be told.
local function settle(a_field, its, state, its_from)
  its.version, its.state, its.from = noted, state, its_from
  its.noting = its.noting > noted and its.noting or 0
  if state == '-' and its.noting == 0 then
    redis.call('HDEL', KEYS[5], a_field)
  else
    write_record(KEYS[5], a_field, its)
  end
end

-- Where the user began to follow meanwhile, by an older wish, the journal has to be told that the device stands against it. Where it
-- ended to and that was the permission, it is not so, and what the journal was told is left on its way.
if noted > 0 and is_noted(own) and not is_denied and (noted_against or not is_against(noted)) then
  if is_full() then return {'FULL'} end
  local otherwise = is_against(noted) and '0' or '-'
  settle(field, own, wanted and '1' or otherwise, wanted and noted_from or 0)
  for _, each in ipairs(by_back_end and devices or {}) do
    if is_noted(each.record) and (not wanted or each.record.state == '0') then
      settle(each.field, each.record, wanted and '1' or '-', wanted and from or 0)
    end
  end
  index_follower(records, topic, KEYS[6], user)
  for i = 1, #routes, 2 do
    tell_follows(KEYS[3], product, user, routes[i], routes[i + 1], string.format('%.0f', noted))
  end
  return done(own.from)
end

if not by_back_end and not is_owner then return {'STALE'} end
if is_denied then return {'DENIED'} end

-- Of devices, those whose own wish is another one.
local others = {}
for _, each in ipairs(by_back_end and devices or {}) do
  if not wanted or each.record.state == '0' then others[#others + 1] = each end
end

local is_so
if wanted then
  is_so = own ~= nil and own.state == '1' and own.noting == 0 and own.from <= from and #others == 0
elseif by_back_end then
  is_so = own == nil and #others == 0
elseif own then
  is_so = own.state == '0' and own.noting == 0 and (not users_follow or own.version > users.version)
else
  is_so = not users_follow
end
if is_so then return done(wanted and own.from or 0) end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)

-- What is on its way to the journal counts. What was left on it by a call that failed long ago does not: it stays while there is a place, so
-- that whoever ends or forgets it tells the journal, and the oldest go first.
local left, surplus = {}, 0
if wanted and not (own and own.state == '1') then
  local many, most = 0, tonumber(ARGV[12])
  for _, each in ipairs(records) do
    if each.device == device and each.field ~= field then
      local its = each.record
      if its.state == '1' or its.noting > (ms - GIVEN_UP_MS) * 1024 then
        many = many + 1
      elseif its.state == '-' then
        left[#left + 1] = each
      end
    end
  end
  if many >= most then return {'MANY', string.format('%.0f', many)} end
  table.sort(left, function(a, b) return a.record.noting < b.record.noting end)
  surplus = many + #left + 1 - most
end
if is_full() then return {'FULL'} end
for i = 1, surplus do redis.call('HDEL', KEYS[5], left[i].field) end

local version = math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, ms * 1024)
redis.call('SET', KEYS[2], string.format('%.0f', version))

-- One that follows already began earlier, by its own wish or by the user's.
local begins = wanted and from or 0
if wanted and own and own.state == '1' then
  begins = math.min(own.from, from)
elseif wanted and users_follow then
  begins = math.min(users.from, from)
end

own = own or {version = version, state = '-', from = 0}
own.noting = version
write_record(KEYS[5], field, own)
local answer = {'NOTE', string.format('%.0f', version), string.format('%.0f', begins), is_against(version) and '1' or '0'}
for _, each in ipairs(others) do
  each.record.noting = version
  write_record(KEYS[5], each.field, each.record)
  answer[#answer + 1] = each.device
end
return answer
