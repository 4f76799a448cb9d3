-- Notes that the shard is whole at this moment. What Redis loses when it is restarted, rolled back or failed over is always the end
-- of what was done: all that was done before the newest note which is still there, is there as well.
--
-- KEYS[1] mark    KEYS[2] when the shard was last known to be whole
-- ARGV[1] run_id
--
-- Answers 1, or 0: it is not whole, and nothing was changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end

local time = redis.call('TIME')
redis.call('SET', KEYS[2], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return 1
