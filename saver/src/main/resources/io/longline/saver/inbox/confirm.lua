-- Whether a copy that has been journaled since is still here, so that it may be answered with success.
--
-- KEYS[1] mark    KEYS[2] copy
-- ARGV[1] run_id
--
-- Answers 1, or 0: Redis was lost in between and rebuilt from a journal that did not have it yet.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

return redis.call('EXISTS', KEYS[2])
