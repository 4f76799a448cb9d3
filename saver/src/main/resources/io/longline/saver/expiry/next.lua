-- Notes when a message of an inbox expires next, now that those that have are dropped.
--
-- KEYS[1] mark    KEYS[2] box    KEYS[3] expiring
-- ARGV[1] run_id  ARGV[2] product/user/device    ARGV[3] 1: the product is told, 0: it is not, or no more
-- ARGV[4] not before that time, ms from now: what has just expired may be on its way
--
-- Answers 1, or 0: it is not due again.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local soonest = ARGV[3] == '1' and redis.call('HGET', KEYS[2], 'soonest')
if not soonest then
  redis.call('ZREM', KEYS[3], ARGV[2])
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local next_ms = math.max(tonumber(soonest), now + tonumber(ARGV[4]))
redis.call('ZADD', KEYS[3], string.format('%.0f', next_ms), ARGV[2])
return 1
