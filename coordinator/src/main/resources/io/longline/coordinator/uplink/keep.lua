-- Keeps an uplink, once.
--
-- KEYS   1 id, 2 stream, 3 waiting, 4 streams
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 endpoint, 4 most that may wait of an endpoint,
--        5 most that may wait in the stream, 6 how long the id is remembered in ms, then names and values of the entry;
--        "t", the time in ms, is added
-- Answer kept | repeated | endpoint_full | stream_full
--
-- The entry's id is its seq: greater than every one before it in the stream, and led by the clock.
if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end
if tonumber(redis.call('HGET', KEYS[3], ARGV[3]) or 0) >= tonumber(ARGV[4]) then return 'endpoint_full' end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[5]) then return 'stream_full' end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[3], '') or 0)
local seq = string.format('%.0f', math.max(last + 1, ms * 1024))
local entry = {}
for i = 7, #ARGV do entry[#entry + 1] = ARGV[i] end
redis.call('XADD', KEYS[2], seq .. '-0', 't', string.format('%.0f', ms), unpack(entry))
redis.call('HSET', KEYS[3], '', seq)
redis.call('PERSIST', KEYS[3])
redis.call('HINCRBY', KEYS[3], ARGV[3], 1)
redis.call('SADD', KEYS[4], ARGV[2])
redis.call('SET', KEYS[1], seq, 'PX', ARGV[6])
return 'kept'
