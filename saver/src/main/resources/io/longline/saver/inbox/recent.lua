-- Endpoints that acknowledged something of late, the last one first, with what they have acknowledged by now: the journal may not know of it.
--
-- KEYS[1] mark    KEYS[2] acked
-- ARGV[1] run_id  ARGV[2] so many to leave out    ARGV[3] most
-- Answers {product/user/device, watermark, ...}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
local answer, from = {}, tonumber(ARGV[2])
for _, endpoint in ipairs(redis.call('ZREVRANGE', KEYS[2], from, from + tonumber(ARGV[3]) - 1)) do
  answer[#answer + 1] = endpoint
  answer[#answer + 1] = tonumber(redis.call('HGET', tag .. ':box:' .. endpoint, 'acked') or 0)
end
return answer
