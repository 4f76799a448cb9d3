-- Puts back up to which offsets endpoints have acknowledged topics, many at a time.
--
-- KEYS[1] mark of the rebuild
-- ARGV[1] run_id  ARGV[2..] product/user/device, topic, offset, and so on
-- Touches in the same slot: what the endpoints have passed.
--
-- Answers how many it raised.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local USER_KEPT_MS = 10368000000
local tag, raised = string.match(KEYS[1], '^{%w+}'), 0
for i = 2, #ARGV, 3 do
  local passed = tag .. ':passed:' .. ARGV[i]
  if tonumber(ARGV[i + 2]) > tonumber(redis.call('HGET', passed, ARGV[i + 1]) or 0) then
    redis.call('HSET', passed, ARGV[i + 1], ARGV[i + 2])
    redis.call('PEXPIRE', passed, USER_KEPT_MS)
    raised = raised + 1
  end
end
return raised
