-- Notes that the decision about the heir of "default" is in the journal, and what it moved to other seqs.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] moved
-- ARGV[1] run_id  ARGV[2] version of the decision
--
-- Answers 1, or 0: it is another one by now, or Redis was lost in between.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

if redis.call('HGET', KEYS[2], 'heir_at') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], 'heir_kept', ARGV[2])
redis.call('DEL', KEYS[3])
return 1
