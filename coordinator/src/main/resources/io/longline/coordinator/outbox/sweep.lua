-- Of a stream that no callback is there for: what all groups have finished with leaves, though a callback that was there had not taken it.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams, 5 groups, 6 taken, 7 leases, 8 later
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams
-- Answer how many groups read it, or -1 where the lease is another's, and nothing was changed
-- include /io/longline/coordinator/outbox/leave.lua
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
redis.call('HDEL', KEYS[1], '') -- see hold.lua: where Redis has no memory left
local outbox = outbox_of(2, ARGV[3])
sweep(outbox, false)
return #groups_of(outbox)
