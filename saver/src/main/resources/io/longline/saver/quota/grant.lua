-- Grants messages of a product's rate and of its quota of the day, for one center to hand out.
--
-- KEYS[1] quota
-- ARGV[1] run_id (of no use here: quotas are lost with Redis)
-- ARGV[2] how many are needed    ARGV[3] how many are wanted, these among them
-- ARGV[4] messages a second      ARGV[5] messages a UTC day; one of them 0: any number
--
-- The rate fills a bucket that holds what a second brings. While it holds one message, whoever needs more than it holds is granted
-- all of them and leaves it in debt. What it lacks is kept as the time, in microseconds, in which it will be full: "full_at".
-- Of a quota nothing is granted beyond its end, and ahead of need only a hundredth of what is left.
--
-- Answers {how many, ms after which it is worth asking again, 1: it is the day's quota that lacks}; 0, where any were granted.
local SECOND, DAY_S = 1000000, 86400
local needed, wanted, rate, quota = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * SECOND + time[2]
local day = math.floor(time[1] / DAY_S)
local known = redis.call('HMGET', KEYS[1], 'full_at', 'rate', 'day', 'used')
local used = tonumber(known[3] or -1) == day and tonumber(known[4]) or 0
local granted, kept, ends_ms = wanted, {}, 0

local function keep(field, number)
  kept[#kept + 1] = field
  kept[#kept + 1] = string.format('%.0f', number)
end

if quota > 0 then
  local left = quota - used
  ends_ms = (day + 1) * DAY_S * 1000
  if needed > left then return {0, ends_ms - math.floor(now / 1000), 1} end
  granted = math.min(granted, needed + math.floor((left - needed) / 100))
end
if rate > 0 then
  local lacks = math.max(0, tonumber(known[1] or 0) - now)
  local before = tonumber(known[2] or rate)
  if before < rate then lacks = math.floor(lacks * before / rate) end -- a debt is one of messages
  local there = (SECOND - lacks) * rate / SECOND
  if there < 1 then return {0, math.ceil((math.min(wanted, rate) - there) * 1000 / rate), 0} end
  granted = math.max(needed, math.min(granted, math.floor(there)))
  local full_at = now + lacks + math.floor(granted * SECOND / rate)
  keep('full_at', full_at)
  keep('rate', rate)
  ends_ms = math.max(ends_ms, math.ceil(full_at / 1000))
end
if quota > 0 then
  keep('day', day)
  keep('used', used + granted)
end
redis.call('HSET', KEYS[1], unpack(kept))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', ends_ms))
return {granted, 0, 0}
