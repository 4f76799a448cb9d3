-- What was counted of a product in the last minute, hour and day, as count.lua has it.
--
-- KEYS[1] the product's counters
-- ARGV[1] run_id, of no account    ARGV[2] how many things are counted
--
-- A window ends now. It begins within a slice, which counts by its share; so the sum is right where things happened evenly in
-- that slice.
-- Answers {now, ms, {sum, sum, ...} of the minute, {...} of the hour, {...} of the day}.
local KINDS = tonumber(ARGV[2])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

local slices = {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local counts = {}
  for count in string.gmatch(fields[i + 1], '%d+') do counts[#counts + 1] = tonumber(count) end
  slices[string.sub(fields[i], 1, 1) .. string.format('%.0f', counts[1])] = counts
end

local function window(ring, ms, length)
  local last = math.floor(now_ms / ms)
  local sums = {}
  for kind = 1, KINDS do sums[kind] = 0 end
  for number = last - length, last do
    local share = number == last - length and 1 - (now_ms % ms) / ms or 1
    local counts = slices[ring .. string.format('%.0f', number)]
    for kind = 1, counts and KINDS or 0 do sums[kind] = sums[kind] + (counts[kind + 1] or 0) * share end
  end
  for kind = 1, KINDS do sums[kind] = math.floor(sums[kind] + 0.5) end
  return sums
end

return {now_ms, window('s', 10000, 6), window('m', 60000, 60), window('h', 3600000, 24)}
