-- A group is to be given entries once more, not before a time.
--
-- KEYS   1 leases of the group, 2 later of the group
-- ARGV   1 run_id (of no use here), 2 in how many ms, then seq of each, and until when it was given
-- Answer of each 1, or 0 where it was finished before, or is given to another by now
local time = redis.call('TIME')
local due = string.format('%.0f', time[1] * 1000000 + time[2] + tonumber(ARGV[2]) * 1000) -- see pull.lua
local answer = {}
for i = 3, #ARGV, 2 do
  local till = redis.call('ZSCORE', KEYS[1], ARGV[i])
  local ours = till and tonumber(till) == tonumber(ARGV[i + 1])
  answer[#answer + 1] = ours and 1 or 0
  if ours then
    redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('ZADD', KEYS[2], due, ARGV[i])
  end
end
return answer
