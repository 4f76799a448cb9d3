-- What MySQL has of a stream, as who has just got the lease finds it: what Redis does not know of, as it has lost it or as who moved it could
-- not say so any more, is behind the stream from now on.
--
-- KEYS   1 lease, 2 stream, 3 streams
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, 4 first seq that MySQL has, 5 the last one, 6 how many
-- Touches in the same slot: the tail and the backlog of the stream, and which streams have one.
-- Answer 1, or 0 where it was known, or is nothing new; -1 where the lease is another's, and nothing was changed
--
-- What the tail has as well is known by that: it is written once more, counted, and forgotten there. Where Redis was rolled back MySQL may have
-- more behind that, which nobody else has: then it stands between the stream and the tail.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
local tail, backlog = KEYS[2] .. '/tail', KEYS[2] .. '/backlog'
local known = redis.call('HMGET', backlog, 'rows', 'back', 'out', 'uncounted', 'uncounted_after')
local rows, back, out = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or 0)
local last = tonumber(ARGV[5])
if last <= back then return 0 end

local function uncounted(after)
  if tonumber(known[4] or 0) > back then after = math.min(after, tonumber(known[5] or 0)) end
  redis.call('HSET', backlog, 'uncounted', ARGV[5], 'uncounted_after', string.format('%.0f', after))
end

local is_lost = last > out
if is_lost then redis.call('HSET', backlog, 'out', ARGV[5]) end
local both = redis.call('XREVRANGE', tail, ARGV[5] .. '-0', '-', 'COUNT', 1)
if #both == 1 then
  if not is_lost then return 0 end
  uncounted(math.max(out, tonumber(string.match(both[1][1], '^%d+'))))
  if rows == 0 then redis.call('HSET', backlog, 'rows', 1, 'oldest', ARGV[4]) end
  return 1
end
if rows > 0 and not is_lost then return 0 end
redis.call('HINCRBY', backlog, 'rows', ARGV[6])
uncounted(is_lost and out or 0)
redis.call('HSETNX', backlog, 'tail', 0)
redis.call('HSETNX', backlog, 'oldest', ARGV[4])
redis.call('SADD', KEYS[3] .. '/behind', ARGV[3])
return 1
