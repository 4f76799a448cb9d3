-- Whether users are online, and when a device of theirs was last bound or unbound.
--
-- KEYS   1 mark, then of each user the routes and the devices
-- ARGV   1 run_id
-- Answer {1 if online or 0, last seen in ms or 0: never, ...}
--        error SHARD_LOST: there may be some
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local answer = {}
for i = 2, #KEYS, 2 do
  local seen = 0
  for _, entry in ipairs(redis.call('HVALS', KEYS[i + 1])) do
    local at = string.match(entry, '^(%d+) %d+ 1 ') -- those that are known, as in known_device.lua
    if at then seen = math.max(seen, tonumber(at)) end
  end
  answer[#answer + 1] = redis.call('EXISTS', KEYS[i])
  answer[#answer + 1] = seen
end
return answer
