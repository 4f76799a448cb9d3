-- Where the log of a topic ends.
--
-- KEYS[1] mark    KEYS[2] the hash of the topic    KEYS[3] its log
-- ARGV[1] run_id  ARGV[2] how many of the newest messages somebody wants to read
--
-- Answers {last, position, given}: the offset that was given last, 0: none, of a broadcast topic the last that everybody may read; after which
-- one those messages are; and what was given last whoever may read it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local wanted = tonumber(ARGV[2])
local known = redis.call('HMGET', KEYS[2], 'last', 'readable')
local given = tonumber(known[1] or 0)
local is_broadcast = string.find(KEYS[2], '/*', 1, true)
local last = is_broadcast and math.min(given, tonumber(known[2] or 0)) or given
local function offset_of(entry) return tonumber(string.match(entry[1], '^%d+')) end

if wanted == 0 then return {last, last, given} end
-- A stream gives no ids without their messages: where all that it has is wanted, its first one is enough.
if redis.call('XLEN', KEYS[3]) <= wanted then
  local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
  return {last, first and math.min(offset_of(first) - 1, last) or last, given}
end

local CHUNK = 16
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local position, start, found = last, string.format('%.0f', last), 0
while found < wanted do
  local entries = redis.call('XREVRANGE', KEYS[3], start, '-', 'COUNT', math.min(CHUNK, wanted - found))
  for _, entry in ipairs(entries) do
    if now < tonumber(entry[2][2]) then found, position = found + 1, offset_of(entry) - 1 end
    start = '(' .. entry[1]
  end
  if #entries == 0 then break end
end
return {last, position, given}
