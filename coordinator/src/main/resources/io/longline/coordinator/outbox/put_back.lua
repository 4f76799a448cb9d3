-- Puts a dead letter back behind what waits of its endpoint, once for each time that it died.
--
-- KEYS   1 that it was put back, 2 stream, 3 waiting, 4 streams, 5 groups
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 endpoint, 4 most that may wait of an endpoint,
--        5 most that may wait in the stream, 6 most bytes of payload that may, 7 how long it is remembered in ms, 8 whether there is a
--        callback: 1, then names and values of the entry, its payload last
-- Answer kept | repeated | unclaimed (neither a callback nor a group takes it) | endpoint_full | stream_full
-- include /io/longline/coordinator/outbox/enter.lua
if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end
local groups = redis.call('HGETALL', KEYS[5])
if #groups == 0 and ARGV[8] ~= '1' then return 'unclaimed' end
local outbox = {stream = KEYS[2], waiting = KEYS[3], streams = KEYS[4], groups = KEYS[5], name = ARGV[2]}
local most = {endpoint = tonumber(ARGV[4]), stream = tonumber(ARGV[5]), bytes = tonumber(ARGV[6])}
local entry = {}
for i = 9, #ARGV do entry[#entry + 1] = ARGV[i] end
local seq, full = enter(outbox, groups, ARGV[3], most, entry)
if not seq then return full end
redis.call('SET', KEYS[1], seq, 'PX', ARGV[7])
return 'kept'
