-- The shard is whole: the mark is set, last of all. What was told of presence is to be compared with the routes that were restored.
--
-- KEYS   1 mark, 2 that presence was compared
-- ARGV   1 run_id, 2 fencing number of the claim
-- Answer 1
--        error SHARD_LOST: the claim does not stand any more, the shard is as lost as before
if redis.call('GET', KEYS[1]) ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1])
return 1
