-- What was begun could not be done now, and is due again later.
--
-- KEYS[1] mark    KEYS[2] schedule    KEYS[3] what is kept
-- ARGV[1] run_id  ARGV[2] product/id  ARGV[3] run that it was begun with    ARGV[4] how much later, ms
-- ARGV[5] 1: it can be recalled until then, 0: perhaps it is stored somewhere, so it must be begun again first
--
-- Answers 1, or 0: somebody else has begun it since, or it is kept no more.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

if redis.call('HGET', KEYS[3], 'run') ~= ARGV[3] then return 0 end
redis.call('HDEL', KEYS[3], 'run')
if ARGV[5] == '1' then redis.call('HDEL', KEYS[3], 'begun') end
redis.call('ZADD', KEYS[2], text(now_ms() + tonumber(ARGV[4])), ARGV[2])
return 1
