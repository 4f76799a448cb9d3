-- Events that were in MySQL come back into their stream.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams, 5 groups, 6 taken, 7 leases, 8 later
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, 4 what the ids of its events begin with,
--        5 up to which seq they had come back, 6 whether MySQL may have more: 1, then of each: seq, how many names and values, and these
-- Touches in the same slot: the backlog of the stream.
-- Answer how many came, or -1 where the lease is another's or others have come back meanwhile, and nothing was changed
--
-- Where Redis has no memory left some come nevertheless when there are none, else none ever would.
-- include /io/longline/coordinator/outbox/leave.lua
-- include /io/longline/coordinator/backlog/head.lua
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
local outbox = outbox_of(2, ARGV[3])
local backlog = outbox.stream .. '/backlog'
local known = redis.call('HMGET', backlog, 'back', 'rows', 'uncounted', 'uncounted_after')
if tonumber(known[1] or 0) ~= tonumber(ARGV[5]) then return -1 end
if redis.call('XLEN', outbox.stream) == 0 then redis.call('HDEL', KEYS[1], '') end
local uncounted, uncounted_after = tonumber(known[3] or 0), tonumber(known[4] or 0)
local head = head_of(outbox, ARGV[4])
local count, back, i = 0, ARGV[5], 7
while i <= #ARGV do
  local seq, parts = ARGV[i], tonumber(ARGV[i + 1])
  local values = {}
  for k = i + 2, i + 1 + parts do values[#values + 1] = ARGV[k] end
  head.place(seq, values, tonumber(seq) > uncounted or tonumber(seq) <= uncounted_after)
  count, back, i = count + 1, seq, i + 2 + parts
end
head.close()
local rows = ARGV[6] == '1' and math.max(1, tonumber(known[2] or 0) - count) or 0
redis.call('HSET', backlog, 'back', back, 'rows', rows, 'oldest', back)
return count
