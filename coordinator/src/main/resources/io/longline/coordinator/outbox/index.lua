-- What waits in a stream, without what it says.
--
-- KEYS   1 lease, 2 stream
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 after this seq, 4 how many
-- Answer 0 where the lease is another's, or 1 and then of each entry: seq, user, device, size of its payload in bytes
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return {0} end
local answer = {1}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '(' .. ARGV[3] .. '-0', '+', 'COUNT', ARGV[4])) do
  local fields = {}
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  answer[#answer + 1] = string.match(entry[1], '^%d+')
  answer[#answer + 1] = fields['u']
  answer[#answer + 1] = fields['d']
  answer[#answer + 1] = #(fields['b'] or '')
end
return answer
