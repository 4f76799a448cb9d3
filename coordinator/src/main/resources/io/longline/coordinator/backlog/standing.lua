-- Streams of a shard with something behind them, and how that stands.
--
-- KEYS   1 lease, 2 streams
-- ARGV   1 run_id (of no use here), 2 fencing number
-- Touches in the same slot: those streams, their tails, and how much waits in them.
-- Answer 0 where the lease is another's, or 1 and then of each: its name, how many events wait in it, bytes of their payload, how many in
--        its tail, bytes of them, the first seq of the tail (0: none), how many are in MySQL, up to which seq they came back, and up to
--        which MySQL may have some
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return {0} end
local answer = {1}
local base = string.match(KEYS[2], '^{%w+}:outbox:')

local function add(...)
  for _, value in ipairs({...}) do answer[#answer + 1] = value end
end

for _, name in ipairs(redis.call('SMEMBERS', KEYS[2] .. '/behind')) do
  local stream, waiting = base .. 'stream:' .. name, base .. 'waiting:' .. name
  local first = redis.call('XRANGE', stream .. '/tail', '-', '+', 'COUNT', 1)
  local backlog = redis.call('HMGET', stream .. '/backlog', 'tail', 'rows', 'back', 'out')
  add(name, redis.call('XLEN', stream), redis.call('HGET', waiting, 'bytes') or '0')
  add(redis.call('XLEN', stream .. '/tail'), backlog[1] or '0', #first == 1 and string.match(first[1][1], '^%d+') or '0')
  add(backlog[2] or '0', backlog[3] or '0', backlog[4] or '0')
end
return answer
