-- Counts what happened to messages of a product, in the slices of time that windows.lua sums up.
--
-- KEYS[1] the product's counters
-- ARGV[1] run_id, of no account    ARGV[2] and further: how often each thing happened, in the order of the saver's Happening
--
-- A hash with three rings: "s0" to "s6" are slices of 10 s, "m0" to "m60" minutes, "h0" to "h24" hours. A slice is its number
-- since 1970 and what was counted in it, with blanks between them; one whose number is another is of an earlier turn, and over.
-- Answers nothing. The hash goes when nothing was counted for longer than the longest ring.
local KEPT_MS = 90000000 -- a day and an hour
local time = redis.call('TIME')

local function slice_of(ring, seconds, slices)
  local number = math.floor(time[1] / seconds)
  return {field = ring .. number % slices, number = number}
end

local rings = {slice_of('s', 10, 7), slice_of('m', 60, 61), slice_of('h', 3600, 25)}
local known = redis.call('HMGET', KEYS[1], rings[1].field, rings[2].field, rings[3].field)
for i, slice in ipairs(rings) do
  local counts = {}
  for count in string.gmatch(known[i] or '', '%d+') do counts[#counts + 1] = count end
  local goes_on = counts[1] == string.format('%.0f', slice.number)
  local sums = {string.format('%.0f', slice.number)}
  for kind = 2, #ARGV do
    local before = goes_on and tonumber(counts[kind] or 0) or 0
    sums[#sums + 1] = string.format('%.0f', before + tonumber(ARGV[kind]))
  end
  redis.call('HSET', KEYS[1], slice.field, table.concat(sums, ' '))
end
redis.call('PEXPIRE', KEYS[1], KEPT_MS)
return 0
