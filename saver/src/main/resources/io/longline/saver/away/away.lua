-- What of an inbox is in MySQL alone.
--
-- KEYS[1] mark    KEYS[2] box    KEYS[3] box of "default"
-- ARGV[1] run_id
--
-- Answers {away, away_n, acked, acked by "default"}: up to which seq (0: nothing is), how many messages, and the watermarks.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local known = redis.call('HMGET', KEYS[2], 'away', 'away_n', 'acked')
local by_default = redis.call('HGET', KEYS[3], 'acked')
return {tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or 0), tonumber(by_default or 0)}
