-- Entries have reached the callback: the stream forgets them, but for those that a group wants still, which the callback is not told again.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams, 5 groups, 6 taken, 7 leases, 8 later
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, then seqs
-- Answer 1, or 0 where the lease is another's, and nothing was changed
--
-- Where Redis has no memory left this goes on: its first write is one that takes none.
-- include /io/longline/coordinator/outbox/leave.lua
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], '')
local outbox = outbox_of(2, ARGV[3])
local groups = groups_of(outbox)
for i = 4, #ARGV do
  local found = redis.call('XRANGE', outbox.stream, ARGV[i] .. '-0', ARGV[i] .. '-0')
  if #found == 1 then
    if wanted(outbox, groups, ARGV[i]) then
      redis.call('SADD', outbox.taken, ARGV[i])
    else
      forget(outbox, found[1])
    end
  end
end
close_empty(outbox)
return 1
