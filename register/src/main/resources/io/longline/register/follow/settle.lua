-- What calls left on its way to the journal, of a device's topics and its user's, comes to its end: the journal, which may have what was never
-- so, is told what is so. Nothing changes of what is followed. First versions are drawn for the journal to be told under, then this is called
-- again with them. Where the user's record is among them, those that are left of other devices go along, as they may be of the same call, and
-- who stands against the user, who has to stay the newer one.
--
-- KEYS   1 mark, 2 generation, 3 what is followed of the user's
-- ARGV   1 run_id, 2 device, then, as answered, for each of which the journal was told: 3 "device/topic", 4 what, 5 from, 6 version
-- Answer {"device/topic", "1": follows, "0": does not though its user does, "-": says nothing, the offset after which it began, version,
--        "device/topic", ...}: tell the journal of these, each under its version; then call again with them
--        {"WAIT"}: since it was told another call has drawn a version, and may be under way. Call again with the same, a little later
--        {}: nothing is left
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/follow/followed.lua

local device = ARGV[2]
local records, fields, users = all_records(KEYS[3]), {}, {}
for _, each in ipairs(records) do
  fields[each.field] = each
  if each.device == '' then users[each.topic] = each.record end
end

local function says_of(each)
  if each.record.state == '0' and not is_against(each.record, users[each.topic]) then return '-' end
  return each.record.state
end

-- It is as the journal was told. What was carried out meanwhile under an older version is not, and the journal is told anew.
local is_as_told = true
for i = 3, #ARGV, 4 do
  local each, version = fields[ARGV[i]], tonumber(ARGV[i + 3])
  if each and each.record.noting > version then return {'WAIT'} end -- whoever drew last comes through, or all would draw for ever
  is_as_told = is_as_told and each ~= nil and each.record.noting == version and says_of(each) == ARGV[i + 1]
    and each.record.from == tonumber(ARGV[i + 2])
end

-- First what takes no memory, as in bind.lua: no field is called so.
redis.call('HDEL', KEYS[3], '')
for i = 3, is_as_told and #ARGV or 0, 4 do
  local its = fields[ARGV[i]].record
  its.version, its.state, its.noting = its.noting, ARGV[i + 1], 0
  if its.state == '-' then
    redis.call('HDEL', KEYS[3], ARGV[i])
  else
    write_record(KEYS[3], ARGV[i], its)
  end
end

local to_tell = {}
for _, each in ipairs(records) do
  local its, of_user = each.record, users[each.topic]
  local is_left = its.noting > 0 and (each.device == device or each.device == '')
  local goes_along = of_user and of_user.noting > 0 and (its.noting > 0 or its.state == '0')
  if is_left or goes_along then to_tell[#to_tell + 1] = each end
end
if #to_tell == 0 then return {} end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local version = math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, ms * 1024)
redis.call('SET', KEYS[2], string.format('%.0f', version + 1))

local answer = {}
for _, each in ipairs(to_tell) do
  local its = each.record
  its.noting = each.device == '' and version or version + 1
  write_record(KEYS[3], each.field, its)
  local n = #answer
  answer[n + 1], answer[n + 2] = each.field, says_of(each)
  answer[n + 3], answer[n + 4] = string.format('%.0f', its.from), string.format('%.0f', its.noting)
end
return answer
