-- Endpoints with a message whose time is over, or may be. They are due again after a while, for where nobody gets to them.
--
-- KEYS[1] mark    KEYS[2] expiring
-- ARGV[1] run_id  ARGV[2] how many    ARGV[3] after so long they are due again, ms
-- ARGV[4] for so long they are due at least, ms
--
-- Answers {product/user/device, ...}, the longest due first.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - tonumber(ARGV[4])), 'LIMIT', 0, ARGV[2])
for _, endpoint in ipairs(due) do
  redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', now + tonumber(ARGV[3])), endpoint)
end
return due
