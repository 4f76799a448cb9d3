-- What MySQL has of a stream, as who has just got the lease finds it: what Redis does not know of, as it has lost it or as who moved it could
-- not say so any more, is behind the stream from now on.
--
-- KEYS   1 lease, 2 stream, 3 streams
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, 4 first seq that MySQL has, 5 the last one, 6 how many
-- Touches in the same slot: the tail and the backlog of the stream, and which streams have one.
-- Answer 1, or 0 where it was known, or is nothing new; -1 where the lease is another's, and nothing was changed
--
-- What the tail has as well is known by that: it is written once more, counted, and forgotten there.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
local tail, backlog = KEYS[2] .. '/tail', KEYS[2] .. '/backlog'
local known = redis.call('HMGET', backlog, 'rows', 'back', 'out')
local rows, back, out = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or 0)
local last = tonumber(ARGV[5])
if last <= back then return 0 end
local is_lost = last > out
if is_lost then redis.call('HSET', backlog, 'out', ARGV[5]) end
local first = redis.call('XRANGE', tail, '-', '+', 'COUNT', 1)
if #first == 1 and tonumber(string.match(first[1][1], '^%d+')) <= last then return is_lost and 1 or 0 end
if rows > 0 and not is_lost then return 0 end
redis.call('HINCRBY', backlog, 'rows', ARGV[6])
redis.call('HSET', backlog, 'uncounted', ARGV[5])
redis.call('HSETNX', backlog, 'tail', 0)
redis.call('HSETNX', backlog, 'oldest', ARGV[4])
redis.call('SADD', KEYS[3] .. '/behind', ARGV[3])
return 1
