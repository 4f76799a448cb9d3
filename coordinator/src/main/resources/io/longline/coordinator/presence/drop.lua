-- Nobody wants to be told of a product any more: what was noted and told of it in a shard goes.
--
-- KEYS   1 lease, 2 what the keys of presence begin with
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 product
-- Answer 1, or 0: the lease is another's now, nothing was changed
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
for _, each in ipairs({'due:', 'changed:', 'told:', 'log:'}) do redis.call('UNLINK', KEYS[2] .. each .. ARGV[3]) end
redis.call('SREM', KEYS[2] .. 'products', ARGV[3])
redis.call('SREM', KEYS[2] .. 'tellers', ARGV[3])
return 1
