-- Puts right what stands in "used" for the inboxes of a shard: one that has expired by itself told nobody.
--
-- KEYS[1] mark    KEYS[2] used    KEYS[3] inboxes
-- ARGV[1] run_id  ARGV[2] what the names of boxes begin with    ARGV[3] of inboxes
-- ARGV[4] of how many inboxes it does all in one step
--
-- Answers {how many inboxes there are, by how many bytes it was wrong}. Of more inboxes than that it looks at those whose
-- clients have been away for the longest time, and leaves the sum.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local count, most = redis.call('ZCARD', KEYS[3]), tonumber(ARGV[4])
local sum, wrong = 0, 0
for _, endpoint in ipairs(redis.call('ZRANGE', KEYS[3], 0, most - 1)) do
  local box = ARGV[2] .. endpoint
  local bytes = tonumber(redis.call('HGET', box, 'bytes') or 0)
  if redis.call('EXISTS', ARGV[3] .. endpoint) == 0 then
    redis.call('HDEL', box, 'bytes')
    redis.call('ZREM', KEYS[3], endpoint)
    redis.call('HINCRBY', KEYS[2], 'inbox', string.format('%.0f', -bytes))
    wrong = wrong + bytes
  else
    sum = sum + bytes
  end
end
if count <= most then
  local noted = tonumber(redis.call('HGET', KEYS[2], 'inbox') or 0)
  if noted ~= sum then redis.call('HSET', KEYS[2], 'inbox', string.format('%.0f', sum)) end
  wrong = wrong + math.abs(noted - sum)
end
return {redis.call('ZCARD', KEYS[3]), wrong}
