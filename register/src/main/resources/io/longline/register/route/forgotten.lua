-- The journal and the inboxes have been told: what forget.lua and unbind.lua left goes, also of what was followed. A device that was bound
-- since, or is being forgotten anew, stays.
--
-- KEYS   1 mark, 2 the user's devices, 3 what ended of the user's, 4 what is followed of the user's
-- ARGV   1 run_id, 2 the generation that those gave, 3.. devices
-- Answer how many devices went
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

-- include /io/longline/register/route/ended.lua
-- include /io/longline/register/follow/records.lua

local gone = 0
for i = 3, #ARGV do
  has_ended(KEYS[3], ARGV[i], ARGV[2])
  local entry = redis.call('HGET', KEYS[2], ARGV[i])
  if entry and string.match(entry, '^%d+ (%d+) 2 ') == ARGV[2] then
    gone = gone + redis.call('HDEL', KEYS[2], ARGV[i])
  end
end
for _, each in ipairs(all_records(KEYS[4])) do
  if each.record.state == '-' and each.record.noting == tonumber(ARGV[2]) then redis.call('HDEL', KEYS[4], each.field) end
end
return gone
