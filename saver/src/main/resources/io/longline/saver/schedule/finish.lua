-- Ends what was begun: it is kept no more, its record stays for 24 h.
--
-- KEYS[1] mark    KEYS[2] record    KEYS[3] schedule    KEYS[4] what is kept
-- ARGV[1] run_id  ARGV[2] product/id    ARGV[3] run that it was begun with
-- ARGV[4..] user/device, or user/, and EXPIRED or DROPPED, and so on: targets that it never went to
-- Touches in the same slot: used.
--
-- Answers 1, or 0: somebody else has begun it since, or it is kept no more.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

if redis.call('HGET', KEYS[4], 'run') ~= ARGV[3] then return 0 end
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], 'end:' .. ARGV[i], ARGV[i + 1]) end
keep_no_more(KEYS[2], KEYS[3], KEYS[4], ARGV[2], now_ms())
redis.call('HDEL', KEYS[2], 'targets')
return 1
