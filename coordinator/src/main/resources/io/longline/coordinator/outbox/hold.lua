-- Takes the lease of a shard's events, or renews it, and tells what streams there are.
--
-- KEYS   1 lease, 2 streams
-- ARGV   1 run_id (of no use here), 2 holder, 3 how long in ms, 4 how long in ms it must have been free, where it is another's
-- Answer 0, or the fencing number, how many streams have something behind them, and then the names of the streams, these among them
--
-- The fencing number grows with each change of hands, and is led by the clock, so that it grows when Redis has lost the last one, too.
-- At maxmemory Redis refuses what may take memory, an HSET too, but in a script only as its first write; and without a lease nothing would
-- ever leave. So the first write is one that changes nothing.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = redis.call('HMGET', KEYS[1], 'holder', 'until', 'fence')
local fence = tonumber(lease[3] or 0)
redis.call('HDEL', KEYS[1], '')
if lease[1] ~= ARGV[2] then
  if not lease[2] then
    lease[2] = now
    redis.call('HSET', KEYS[1], 'holder', '', 'until', string.format('%.0f', now))
  end
  if tonumber(lease[2]) + tonumber(ARGV[4]) > now then return {0} end
  fence = math.max(fence + 1, now * 1024)
end
redis.call('HSET', KEYS[1], 'holder', ARGV[2], 'until', string.format('%.0f', now + tonumber(ARGV[3])),
    'fence', string.format('%.0f', fence))
local behind = KEYS[2] .. '/behind'
local answer = redis.call('SUNION', KEYS[2], behind)
table.insert(answer, 1, redis.call('SCARD', behind))
table.insert(answer, 1, string.format('%.0f', fence))
return answer
