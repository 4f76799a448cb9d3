-- Keeps an uplink, once.
--
-- KEYS   1 id, 2 stream, 3 waiting, 4 streams, 5 groups, 6 how much of its limit the endpoint has used up
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 endpoint, 4 most that may wait of an endpoint,
--        5 most that may wait in the stream, 6 most bytes of payload that may, 7 8 the same where neither callback nor group takes it,
--        9 whether there is a callback: 1, 10 how long the id is remembered in ms, 11 how many of an
--        endpoint may be kept in a minute, 0: any number, then names and values of the entry, its payload last
-- Answer kept | unclaimed (kept, and nobody takes it yet) | repeated | over_rate | endpoint_full | stream_full
-- include /io/longline/coordinator/outbox/enter.lua
if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end

-- Up to when it is used up, in microseconds; a minute's worth may come at once. Rooms hold their clients to it, each for itself, so that one
-- that goes from room to room is held to it here. What they let pass may come here closer together, where it was held up on the way: five seconds' worth more may.
local per_minute, used = tonumber(ARGV[11]), nil
if per_minute > 0 then
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  used = math.max(tonumber(redis.call('GET', KEYS[6]) or 0), now) + 60000000 / per_minute
  if used > now + 65000000 then return 'over_rate' end
end

local groups = redis.call('HGETALL', KEYS[5])
local outbox = {stream = KEYS[2], waiting = KEYS[3], streams = KEYS[4], groups = KEYS[5], name = ARGV[2]}
local most = {endpoint = tonumber(ARGV[4]), stream = tonumber(ARGV[5]), bytes = tonumber(ARGV[6])}
local claimed = #groups > 0 or ARGV[9] == '1'
if not claimed then
  most.short = true
  most.stream = tonumber(ARGV[7])
  most.bytes = tonumber(ARGV[8])
end
local entry = {}
for i = 12, #ARGV do entry[#entry + 1] = ARGV[i] end
local seq, full = enter(outbox, groups, ARGV[3], most, entry)
if not seq then return full end
if used then redis.call('SET', KEYS[6], string.format('%.0f', used), 'PX', 65000) end
redis.call('SET', KEYS[1], seq, 'PX', ARGV[10])
return claimed and 'kept' or 'unclaimed'
