-- Topics of which not every room has been told for so long how far they reach, those that wait longest first.
--
-- KEYS[1] mark    KEYS[2] untold
-- ARGV[1] run_id  ARGV[2] for how long, ms    ARGV[3] how many
-- Touches in the same slot: the hashes of the topics.
--
-- Answers {product/topic, the offset that was given last, when the oldest of what was not told was sent, ms, ...}; of a broadcast topic the last
-- that everybody may read, and since when. What nothing is known of any more has nothing left to tell, and leaves.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, time = string.match(KEYS[1], '^{%w+}'), redis.call('TIME')
local upto = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[2])
local answer = {}
local waiting = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', upto), 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 1, #waiting, 2 do
  local reach = string.find(waiting[i], '/*', 1, true) and 'readable' or 'last'
  local last = redis.call('HGET', tag .. ':topic:' .. waiting[i], reach)
  if last then
    local at = #answer
    answer[at + 1], answer[at + 2], answer[at + 3] = waiting[i], tonumber(last), tonumber(waiting[i + 1])
  else
    redis.call('ZREM', KEYS[2], waiting[i])
  end
end
return answer
