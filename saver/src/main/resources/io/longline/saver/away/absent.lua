-- Endpoints with messages in Redis whose client has not shown up for the longest time, but for those with a hint that is not
-- settled yet.
--
-- KEYS[1] mark    KEYS[2] inboxes    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] not since, ms    ARGV[3] how many
--
-- Answers {product/user/device, when it showed up, ms, ...}, the longest absent first.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local most, looked = tonumber(ARGV[3]), 0
local answer = {}
repeat
  local some = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'WITHSCORES', 'LIMIT', looked, 100)
  for i = 1, #some, 2 do
    if #answer < 2 * most and not redis.call('ZSCORE', KEYS[3], some[i]) then
      answer[#answer + 1] = some[i]
      answer[#answer + 1] = tonumber(some[i + 1])
    end
  end
  looked = looked + 100
until #some < 200 or #answer >= 2 * most or looked >= 1000
return answer
