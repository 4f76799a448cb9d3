-- The oldest of a tail, to be written to MySQL: from now on MySQL may have them.
--
-- KEYS   1 lease, 2 stream
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 most events, 4 bytes of payload after which there are no more
-- Touches in the same slot: the tail of the stream, and its backlog.
-- Answer 0 where the lease is another's, or 1 and then of each: seq, and names and values
--
-- Where Redis has no memory left this goes on, see hold.lua.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return {0} end
redis.call('HDEL', KEYS[1], '')
local answer, bytes = {1}, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[2] .. '/tail', '-', '+', 'COUNT', ARGV[3])) do
  if bytes >= tonumber(ARGV[4]) then break end
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'b' then bytes = bytes + #entry[2][i + 1] end
  end
  answer[#answer + 1] = string.match(entry[1], '^%d+')
  answer[#answer + 1] = entry[2]
end
local last = answer[#answer - 1]
if #answer > 1 and tonumber(last) > tonumber(redis.call('HGET', KEYS[2] .. '/backlog', 'out') or 0) then
  redis.call('HSET', KEYS[2] .. '/backlog', 'out', last)
end
return answer
