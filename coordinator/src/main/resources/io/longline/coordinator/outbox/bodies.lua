-- Entries of a stream, whole.
--
-- KEYS   1 lease, 2 stream
-- ARGV   1 run_id (of no use here), 2 fencing number, then seqs
-- Answer 0 where the lease is another's, or 1 and then of each entry that is there: seq, and names and values
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return {0} end
local answer = {1}
for i = 3, #ARGV do
  local id = ARGV[i] .. '-0'
  local found = redis.call('XRANGE', KEYS[2], id, id)
  if #found == 1 then
    answer[#answer + 1] = ARGV[i]
    answer[#answer + 1] = found[1][2]
  end
end
return answer
