-- The tail of a stream comes into it, where MySQL has nothing that stands between them; when all is there nothing is behind any more.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams, 5 groups, 6 taken, 7 leases, 8 later
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, 4 what the ids of its events begin with,
--        5 most events, 6 bytes of payload after which there are no more, 7 up to which seq MySQL has none any more
-- Touches in the same slot: the tail and the backlog of the stream, and which streams have one.
-- Answer how many came; or -1 where the lease is another's or something stands between them, and nothing was changed
--
-- What has come back already, as it had been written to MySQL and nobody knew, is only forgotten.
-- Where Redis has no memory left this goes on, see hold.lua: it takes no more than it gives.
-- include /io/longline/coordinator/outbox/leave.lua
-- include /io/longline/coordinator/backlog/head.lua
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
local outbox = outbox_of(2, ARGV[3])
local tail, backlog = outbox.stream .. '/tail', outbox.stream .. '/backlog'
local known = redis.call('HMGET', backlog, 'rows', 'back', 'out')
local back, out = tonumber(known[2] or 0), tonumber(known[3] or 0)
if tonumber(known[1] or 0) > 0 then return -1 end
redis.call('HDEL', KEYS[1], '')
local head = head_of(outbox, ARGV[4])
local count, bytes = 0, 0
for _, entry in ipairs(redis.call('XRANGE', tail, '-', '+', 'COUNT', ARGV[5])) do
  if bytes >= tonumber(ARGV[6]) then break end
  local seq = string.match(entry[1], '^%d+')
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'b' then bytes = bytes + #entry[2][i + 1] end
  end
  redis.call('XDEL', tail, entry[1])
  if tonumber(seq) > back then
    head.place(seq, entry[2], true)
    count = count + 1
    back = math.max(back, math.min(tonumber(seq), out))
  end
end
head.close()
if bytes > 0 then redis.call('HINCRBY', backlog, 'tail', -bytes) end
if back > tonumber(known[2] or 0) then redis.call('HSET', backlog, 'back', string.format('%.0f', back)) end
if redis.call('XLEN', tail) == 0 and tonumber(ARGV[7]) >= out then
  redis.call('DEL', tail, backlog)
  redis.call('SREM', outbox.streams .. '/behind', outbox.name)
  close_empty(outbox)
end
return count
