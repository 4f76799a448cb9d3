-- A group reads a stream no longer; what nobody else wants leaves.
--
-- KEYS   1 stream, 2 waiting, 3 streams, 4 groups, 5 taken, 6 leases, 7 later
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 group, 4 whether there is a callback: 1
-- Answer 1, or 0 where it did not
--
-- What neither a callback nor another group is there for stays, and waits for the next group.
-- include /io/longline/coordinator/outbox/leave.lua
local outbox = outbox_of(1, ARGV[2])
redis.call('DEL', outbox.leases .. ARGV[3], outbox.later .. ARGV[3])
if redis.call('HDEL', outbox.groups, ARGV[3], ARGV[3] .. '/') == 0 then return 0 end
sweep(outbox, ARGV[4] == '1')
return 1
