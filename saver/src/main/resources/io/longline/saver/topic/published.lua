-- Whether a message that has been journaled since is still known here, so that it may be answered with success. It may have left its log.
--
-- KEYS[1] mark    KEYS[2] topic-id
-- ARGV[1] run_id  ARGV[2] its offset
--
-- Answers 1, or 0: Redis was lost in between and rebuilt from a journal that did not have it yet; somebody else may have published it anew.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local known = redis.call('GET', KEYS[2])
return known and string.match(known, '^%d+') == ARGV[2] and 1 or 0
