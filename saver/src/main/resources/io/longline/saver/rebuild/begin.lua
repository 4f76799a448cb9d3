-- Begins the rebuild of a shard that this Redis does not have as the journal knows it.
--
-- KEYS[1] mark    KEYS[2] mark of this rebuild    KEYS[3] when the shard was last known to be whole
-- ARGV[1] run_id
--
-- While the rebuild lasts, its scripts are given the mark of the rebuild as KEYS[1]. It is gone when Redis is emptied once
-- more, and void after a restart, so that nobody finishes on top of something else than what he began with.
-- Answers {}: the shard is as it should be; or {the time here, when it was last whole}, both ms, 0: nobody knows.
if redis.call('GET', KEYS[1]) == ARGV[1] then return {} end

local LONGEST_MS = 3600000
redis.call('SET', KEYS[2], ARGV[1], 'PX', LONGEST_MS)
local time = redis.call('TIME')
return {time[1] * 1000 + math.floor(time[2] / 1000), tonumber(redis.call('GET', KEYS[3]) or 0)}
