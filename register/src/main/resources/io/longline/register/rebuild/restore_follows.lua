-- What the journal says is followed, or is no more, into a shard that this rebuild has claimed. What is there is left as it is, but for what
-- is older than the journal. Users come before devices: that a device does not follow though its user does is kept only where that is so.
--
-- KEYS   1 mark, 2 generation, then what keys begin with: 3 of what is followed, 4 of who follows a topic
-- ARGV   1 run_id, 2 fencing number of the claim, then for each: 3 product, 4 user, 5 device, or "": the user's own, 6 topic,
--        7 as in records.lua "1": followed, "0": not, though by the user, "-": no more, 8 the offset after which it began, 9 version
-- Answer how many were missing or older
--        error SHARD_LOST: the claim does not stand (any more), nothing was changed
if redis.call('GET', KEYS[1]) ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end
-- include /io/longline/register/follow/records.lua

local function restore(product, user, device, topic, state, from, version)
  local follows, followers = KEYS[3] .. product .. '/' .. user, KEYS[4] .. product .. '/' .. topic
  local field = device .. '/' .. topic
  local its = record(follows, field)
  local says = its ~= nil and its.state ~= '-'
  if says and its.version >= version then return 0 end

  local noting = its and its.noting > version and its.noting or 0 -- a later call was telling the journal when Redis was lost
  if state == '1' then
    write_record(follows, field, {version = version, state = '1', from = from, noting = noting})
    redis.call('ZADD', followers, 0, user)
    return 1
  end

  local users = state == '0' and record(follows, '/' .. topic) or nil
  local against_user = users ~= nil and users.state == '1' and users.version < version
  if against_user or noting > 0 then
    write_record(follows, field, {version = version, state = against_user and '0' or '-', from = 0, noting = noting})
  else
    redis.call('HDEL', follows, field)
  end
  if says then index_follower(all_records(follows), topic, followers, user) end
  return (says or against_user) and 1 or 0
end

local highest, restored = tonumber(redis.call('GET', KEYS[2]) or 0), 0
for i = 3, #ARGV, 7 do
  local version = tonumber(ARGV[i + 6])
  highest = math.max(highest, version)
  restored = restored + restore(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], tonumber(ARGV[i + 5]), version)
end
redis.call('SET', KEYS[2], string.format('%.0f', highest))
return restored
