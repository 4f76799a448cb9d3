-- A group is done with entries: they leave when nobody else wants them.
--
-- KEYS   1 stream, 2 waiting, 3 streams, 4 groups, 5 taken, 6 leases, 7 later
-- ARGV   1 run_id (of no use here), 2 the stream's name among the streams, 3 group, 4 whether there is a callback: 1, then seq of each, and
--        until when it was given
-- Answer of each 1, or 0 where it was finished before, or is given to another by now
-- include /io/longline/coordinator/outbox/leave.lua
local outbox = outbox_of(1, ARGV[2])
local groups = groups_of(outbox)
local leases = outbox.leases .. ARGV[3]
local answer = {}
for i = 5, #ARGV, 2 do
  local till = redis.call('ZSCORE', leases, ARGV[i])
  local ours = till and tonumber(till) == tonumber(ARGV[i + 1])
  answer[#answer + 1] = ours and 1 or 0
  if ours then
    redis.call('ZREM', leases, ARGV[i])
    local told = ARGV[4] ~= '1' or redis.call('SISMEMBER', outbox.taken, ARGV[i]) == 1
    if told and not wanted(outbox, groups, ARGV[i]) then
      local found = redis.call('XRANGE', outbox.stream, ARGV[i] .. '-0', ARGV[i] .. '-0')
      if #found == 1 then forget(outbox, found[1]) end
    end
  end
end
close_empty(outbox)
return answer
