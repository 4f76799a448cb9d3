-- What is due in a shard. It is begun by that: nobody else is told of it for a while, and then again, until it is finished.
--
-- KEYS[1] mark    KEYS[2] schedule
-- ARGV[1] run_id  ARGV[2] what the names of kept ones begin with    ARGV[3] how many    ARGV[4] so many bytes at most, but one always
-- ARGV[5] for how long nobody else is told, ms
-- Touches in the same slot: those that are kept.
--
-- Answers {time, how many are kept in all, 1 if more are due, then of each: product/id, send_at_ms, how often it was begun, what
-- is to be sent}. The time names what is begun here.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

local limit, room = tonumber(ARGV[3]), tonumber(ARGV[4])
local now = now_ms()
local answer = {now, redis.call('ZCARD', KEYS[2]), 0}
for i, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', text(now), 'LIMIT', 0, limit + 1)) do
  local kept = ARGV[2] .. name
  local push = redis.call('HGET', kept, 'push')
  room = room - #push
  if i > limit or i > 1 and room < 0 then
    answer[3] = 1
    break
  end
  local tries = redis.call('HINCRBY', kept, 'tries', 1)
  redis.call('HSET', kept, 'run', text(now), 'begun', '1')
  redis.call('ZADD', KEYS[2], text(now + tonumber(ARGV[5])), name)
  local at = #answer
  answer[at + 1], answer[at + 2], answer[at + 3] = name, tonumber(redis.call('HGET', kept, 'send_at')), tries
  answer[at + 4] = push
end
return answer
