-- How many messages wait in an inbox. What has expired does not count; it is dropped, but for what was on its way.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
--
-- Answers a number.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local soonest = redis.call('HGET', KEYS[2], 'soonest')
if not soonest or now < tonumber(soonest) then return redis.call('XLEN', KEYS[3]) end

local GRACE_MS = 10000
local unsettled = tonumber(redis.call('ZSCORE', KEYS[4], ARGV[3]) or 0)

-- What was on its way to the client when it expired may still be acknowledged, for a moment.
local function drop_expired(entry)
  local copy = ARGV[2] .. entry[2][4]
  local state = redis.call('HGET', copy, 'state')
  local on_its_way = state == 'WRITTEN' or unsettled >= tonumber(string.match(entry[1], '^%d+'))
  if on_its_way and now < tonumber(entry[2][2]) + GRACE_MS then return false end
  if state == 'STORED' or state == 'WRITTEN' then redis.call('HSET', copy, 'state', 'EXPIRED') end
  redis.call('XDEL', KEYS[3], entry[1])
  return true
end

-- What is left says when it is worth walking through it again.
local pending, left_soonest = 0, math.huge
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+')) do
  local expires = tonumber(entry[2][2])
  local gone = now >= expires and drop_expired(entry)
  if now < expires then pending = pending + 1 end
  if not gone then left_soonest = math.min(left_soonest, expires) end
end
if left_soonest < math.huge then
  redis.call('HSET', KEYS[2], 'soonest', string.format('%.0f', left_soonest))
else
  redis.call('DEL', KEYS[3])
  redis.call('HDEL', KEYS[2], 'soonest')
end
return pending
