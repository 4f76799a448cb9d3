-- Whether a copy that has been journaled since is still here, so that it may be answered with success. Another device may have taken it
-- over.
--
-- KEYS[1] mark    KEYS[2] copy
-- ARGV[1] run_id  ARGV[2] its seq
--
-- Answers 1, or 0: Redis was lost in between and rebuilt from a journal that did not have it yet; somebody else may have stored it anew.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local copy = redis.call('HMGET', KEYS[2], 'seq', 'to')
return (copy[2] or copy[1] == ARGV[2]) and 1 or 0
