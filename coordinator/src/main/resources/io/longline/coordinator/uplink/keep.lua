-- Keeps an uplink, once.
--
-- KEYS   1 id, 2 stream, 3 waiting, 4 streams
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 endpoint, 4 most that may wait of an endpoint,
--        5 most that may wait in the stream, 6 most bytes of payload that may, 7 how long the id is remembered in ms, then names and values
--        of the entry, its payload last; "t", the time in ms, is added
-- Answer kept | repeated | endpoint_full | stream_full
--
-- The entry's id is its seq: greater than every one before it in the stream, and led by the clock.
-- Among how many wait of each endpoint stands, under a name that none has, how many bytes wait. Where none do, anything is taken: what is
-- larger than may wait would else never be.
if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end
if tonumber(redis.call('HGET', KEYS[3], ARGV[3]) or 0) >= tonumber(ARGV[4]) then return 'endpoint_full' end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[5]) then return 'stream_full' end
local size = #ARGV[#ARGV]
local bytes = tonumber(redis.call('HGET', KEYS[3], 'bytes') or 0)
if bytes > 0 and bytes + size > tonumber(ARGV[6]) then return 'stream_full' end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[3], '') or 0)
local seq = string.format('%.0f', math.max(last + 1, ms * 1024))
local entry = {}
for i = 8, #ARGV do entry[#entry + 1] = ARGV[i] end
redis.call('XADD', KEYS[2], seq .. '-0', 't', string.format('%.0f', ms), unpack(entry))
redis.call('HSET', KEYS[3], '', seq)
redis.call('PERSIST', KEYS[3])
redis.call('HINCRBY', KEYS[3], ARGV[3], 1)
redis.call('HINCRBY', KEYS[3], 'bytes', size)
redis.call('SADD', KEYS[4], ARGV[2])
redis.call('SET', KEYS[1], seq, 'PX', ARGV[7])
return 'kept'
