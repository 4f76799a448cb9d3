-- To whom a message went.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id
--
-- Answers {recorded, user/device, seq, user/device, seq, ...}: recorded is 0 where no such message was recorded, else 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

if redis.call('HEXISTS', KEYS[2], 'recorded') == 0 then return {0} end
local answer = {1}
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 3) == 'to:' then
    answer[#answer + 1] = string.sub(fields[i], 4)
    answer[#answer + 1] = tonumber(fields[i + 1])
  end
end
return answer
