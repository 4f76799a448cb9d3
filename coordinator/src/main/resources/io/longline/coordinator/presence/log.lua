-- Puts events that were told in a shard into the log of their product, each once, and forgets the oldest there.
--
-- KEYS   1 events of the product, 2 their state
-- ARGV   1 run_id (of no use here), 2 shard, 3 most to keep, 4 how long they are kept in ms, then of each event, in their order: its number in
--        the shard, type, user, device, generation, reason, when it was told
-- Answer how many are there
--
-- State: of a shard's number, the last event of it that is there, so that who comes again, or late, changes nothing; "last" the last id that was
-- given, led by the clock, "gone" an id behind which nothing was forgotten.
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[2], 'last') or 0)
if last == 0 then
  last = ms * 1024
  redis.call('HSET', KEYS[2], 'last', string.format('%.0f', last), 'gone', string.format('%.0f', last))
end

local shard_has = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or 0)
for i = 5, #ARGV, 7 do
  if tonumber(ARGV[i]) > shard_has then
    last = math.max(last + 1, ms * 1024)
    shard_has = tonumber(ARGV[i])
    redis.call('XADD', KEYS[1], string.format('%.0f', last) .. '-0', 'y', ARGV[i + 1], 'u', ARGV[i + 2], 'd', ARGV[i + 3], 'g', ARGV[i + 4],
      'r', ARGV[i + 5], 't', ARGV[i + 6])
  end
end
redis.call('HSET', KEYS[2], ARGV[2], string.format('%.0f', shard_has), 'last', string.format('%.0f', last))

-- So few at a time that this takes no long time, and more than come.
local function forget(entries)
  if #entries == 0 then return end
  local ids = {}
  for _, entry in ipairs(entries) do ids[#ids + 1] = entry[1] end
  redis.call('XDEL', KEYS[1], unpack(ids))
  redis.call('HSET', KEYS[2], 'gone', string.match(ids[#ids], '^%d+'))
end
local surplus = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[3])
if surplus > 0 then forget(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', math.min(surplus, 1000))) end
local too_old = string.format('%.0f', (ms - tonumber(ARGV[4])) * 1024)
forget(redis.call('XRANGE', KEYS[1], '-', '(' .. too_old .. '-0', 'COUNT', 1000))
return redis.call('XLEN', KEYS[1])
