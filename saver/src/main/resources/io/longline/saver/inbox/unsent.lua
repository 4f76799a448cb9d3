-- Endpoints whose newest message was stored a while ago and whose hint was never settled.
--
-- KEYS[1] mark    KEYS[2] unsent
-- ARGV[1] run_id  ARGV[2] how long ago, ms    ARGV[3] how many    ARGV[4] the first seq that is asked for
--
-- Answers {product/user/device, seq, ...}, oldest first.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local time = redis.call('TIME')
local then_ms = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[2])
local upto = string.format('%.0f', math.max(0, then_ms) * 1024) -- a seq begins with its time
local answer = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[4], upto, 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 2, #answer, 2 do answer[i] = tonumber(answer[i]) end
return answer
