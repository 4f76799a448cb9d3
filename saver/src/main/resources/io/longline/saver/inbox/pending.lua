-- How many messages wait in an inbox. What has expired does not count, also while it has not been removed.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox
-- ARGV[1] run_id
--
-- Answers a number.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local soonest = redis.call('HGET', KEYS[2], 'soonest')
if not soonest or now < tonumber(soonest) then return redis.call('XLEN', KEYS[3]) end

local pending = 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+')) do
  if now < tonumber(entry[2][2]) then pending = pending + 1 end
end
return pending
