-- A group is no longer among those of its product; a type that no group reads is one that nobody takes.
--
-- KEYS   1 types that nobody takes, 2 types that groups read, 3 groups of the type, 4 consumers of the group
-- ARGV   1 run_id (of no use here), 2 type, 3 group
-- Answer 1, or 0 where it was not
redis.call('DEL', KEYS[4])
local was = redis.call('SREM', KEYS[3], ARGV[3])
if redis.call('SCARD', KEYS[3]) == 0 and redis.call('SREM', KEYS[2], ARGV[2]) == 1 then
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[2])
end
return was
