-- A consumer has asked for uplinks of a group; or how many have.
--
-- KEYS   1 consumers of the group
-- ARGV   1 run_id (of no use here), 2 its name (empty: none has now), 3 for how long it counts in ms, 4 most that are told apart
-- Answer how many there are
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - tonumber(ARGV[3])))
local known = redis.call('ZSCORE', KEYS[1], ARGV[2])
if ARGV[2] ~= '' and (known or redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[4])) then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return redis.call('ZCARD', KEYS[1])
