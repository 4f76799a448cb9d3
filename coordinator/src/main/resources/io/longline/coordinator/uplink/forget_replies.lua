-- Replies wait no more: an inbox has them, or they are given up.
--
-- KEYS   1 replies, 2 due, 3 how much of each product
-- ARGV   1 run_id (of no use here), then their names
-- Answer how many wait in the shard, and of each 1, or 0 where it did not wait
local function less(field, by)
  if by > 0 and redis.call('HINCRBY', KEYS[3], field, -by) <= 0 then redis.call('HDEL', KEYS[3], field) end
end

redis.call('ZREM', KEYS[2], '') -- see note_replies.lua: where Redis has no memory left
local answer = {0}
for i = 2, #ARGV do
  local says = string.match(redis.call('HGET', KEYS[1], ARGV[i]) or '', '^%d+ (.*)$')
  answer[i] = says and 1 or 0
  if says then
    local product = string.match(ARGV[i], '^[^/]+')
    redis.call('HDEL', KEYS[1], ARGV[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
    less(product, 1)
    less(product .. '/', #says)
  end
end
answer[1] = redis.call('ZCARD', KEYS[2])
return answer
