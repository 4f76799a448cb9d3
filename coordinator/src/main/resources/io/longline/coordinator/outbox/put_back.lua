-- Puts a dead letter back behind what waits of its endpoint, once for each time that it died.
--
-- KEYS   1 that it was put back, 2 stream, 3 waiting, 4 streams
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 endpoint, 4 most that may wait of an endpoint,
--        5 most that may wait in the stream, 6 most bytes of payload that may, 7 how long it is remembered in ms, then names and values
--        of the entry, its payload last
-- Answer kept | repeated | endpoint_full | stream_full
-- include /io/longline/keeper/outbox/append.lua
if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end
local outbox = {stream = KEYS[2], waiting = KEYS[3], streams = KEYS[4], name = ARGV[2]}
local most = {endpoint = tonumber(ARGV[4]), stream = tonumber(ARGV[5]), bytes = tonumber(ARGV[6])}
local entry = {}
for i = 8, #ARGV do entry[#entry + 1] = ARGV[i] end
local seq, full = append(outbox, ARGV[3], most, entry)
if not seq then return full end
redis.call('SET', KEYS[1], seq, 'PX', ARGV[7])
return 'kept'
