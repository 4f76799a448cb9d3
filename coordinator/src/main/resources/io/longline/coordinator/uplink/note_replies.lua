-- Keeps replies until an inbox has them, each once.
--
-- KEYS   1 replies, 2 due, 3 how much of each product
-- ARGV   1 run_id (of no use here), 2 product, 3 most replies of it, 4 most bytes of them, 5 in how many ms they are due, then of each: name
--        ("product/message id"), what it says
-- Answer how many replies wait in the shard, and then of each 1, or 0 where there was no room
--
-- Of a product it is known under its name how many there are, and under its name and a slash how many bytes. Before what a reply says stands
-- since when it waits, in ms.
-- Where Redis has no memory left this goes on: its first write is one that takes none, and what may wait is bounded.
redis.call('HDEL', KEYS[1], '')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or 0)
local bytes = tonumber(redis.call('HGET', KEYS[3], ARGV[2] .. '/') or 0)
local answer = {0}
for i = 6, #ARGV, 2 do
  local kept = redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1
  if not kept and count < tonumber(ARGV[3]) and bytes + #ARGV[i + 1] <= tonumber(ARGV[4]) then
    redis.call('HSET', KEYS[1], ARGV[i], string.format('%.0f', now) .. ' ' .. ARGV[i + 1])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now + tonumber(ARGV[5])), ARGV[i])
    count, bytes, kept = count + 1, bytes + #ARGV[i + 1], true
  end
  answer[#answer + 1] = kept and 1 or 0
end
if count > 0 then redis.call('HSET', KEYS[3], ARGV[2], count, ARGV[2] .. '/', bytes) end
answer[1] = redis.call('ZCARD', KEYS[2])
return answer
