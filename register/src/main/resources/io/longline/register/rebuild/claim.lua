-- A rebuild begins on this shard. From here on only the claim's owner restores it, and only in the Redis that was claimed.
--
-- KEYS   1 mark
-- ARGV   1 run_id, 2 fencing number of the rebuild's lease
-- Answer 1: claimed. 0: the shard is not lost, or a later rebuild has it
local mark = redis.call('GET', KEYS[1])
if mark == ARGV[1] then return 0 end
if mark then
  local run_id, fencing = string.match(mark, '^rebuilding (%S+) (%d+)$')
  if run_id == ARGV[1] and tonumber(fencing) > tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2])
return 1
