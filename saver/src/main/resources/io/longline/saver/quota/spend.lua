-- Counts a message for a user, in the hour of the clock and in the UTC day, if that is within the user's limits.
--
-- KEYS[1] what the user was sent
-- ARGV[1] run_id (of no use here: quotas are lost with Redis)    ARGV[2] bytes of the message
-- ARGV[3] messages an hour    ARGV[4] bytes an hour    ARGV[5] messages a day    ARGV[6] bytes a day; 0: any number
--
-- Answers {limit, ms until its window ends}: NONE, and it is counted, or the one that it would be over: DAY_MESSAGES, DAY_BYTES,
-- HOUR_MESSAGES, HOUR_BYTES; the day's before the hour's.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local counted = {}

-- The limit that the message would be over, if any, and when the window ends.
local function count(name, length_ms, most_messages, most_bytes)
  local window = math.floor(now_ms / length_ms)
  local known = redis.call('HMGET', KEYS[1], name, name .. '_MESSAGES', name .. '_BYTES')
  local same = tonumber(known[1] or -1) == window
  local messages = (same and tonumber(known[2]) or 0) + 1
  local bytes = (same and tonumber(known[3]) or 0) + tonumber(ARGV[2])
  for _, part in ipairs({name, window, name .. '_MESSAGES', messages, name .. '_BYTES', bytes}) do
    counted[#counted + 1] = type(part) == 'number' and string.format('%.0f', part) or part
  end
  local ends_ms = (window + 1) * length_ms
  if most_messages > 0 and messages > most_messages then return name .. '_MESSAGES', ends_ms end
  if most_bytes > 0 and bytes > most_bytes then return name .. '_BYTES', ends_ms end
  return nil, ends_ms
end

local over_day, day_ends_ms = count('DAY', 86400000, tonumber(ARGV[5]), tonumber(ARGV[6]))
if over_day then return {over_day, day_ends_ms - now_ms} end
local over_hour, hour_ends_ms = count('HOUR', 3600000, tonumber(ARGV[3]), tonumber(ARGV[4]))
if over_hour then return {over_hour, hour_ends_ms - now_ms} end

redis.call('HSET', KEYS[1], unpack(counted))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', day_ends_ms))
return {'NONE', 0}
