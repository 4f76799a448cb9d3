-- Endpoints with messages in Redis whose client has not shown up for the longest time, but for those with a hint that is not
-- settled yet.
--
-- KEYS[1] mark    KEYS[2] inboxes    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] for so long at least, ms    ARGV[3] how many
--
-- Answers {product/user/device, when it showed up, ms, ...}, the longest absent first.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
local not_since = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[2]))
local most, looked = tonumber(ARGV[3]), 0
local answer = {}
repeat
  local some = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', not_since, 'WITHSCORES', 'LIMIT', looked, 100)
  for i = 1, #some, 2 do
    if #answer < 2 * most and not redis.call('ZSCORE', KEYS[3], some[i]) then
      answer[#answer + 1] = some[i]
      answer[#answer + 1] = tonumber(some[i + 1])
    end
  end
  looked = looked + 100
until #some < 200 or #answer >= 2 * most or looked >= 1000
return answer
