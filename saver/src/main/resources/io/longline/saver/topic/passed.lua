-- Up to which offset an endpoint has acknowledged a topic.
--
-- KEYS[1] mark    KEYS[2] passed
-- ARGV[1] run_id  ARGV[2] topic
--
-- Answers the offset, 0: none.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

return tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or 0)
