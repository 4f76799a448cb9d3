-- What waits in a stream for its callback, without what it says.
--
-- KEYS   1 lease, 2 stream, 3 taken
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 after this seq, 4 how many
-- Answer 0 where the lease is another's, or 1, how many entries were looked at, the seq of the last one, and then of each that the callback
--        has not taken: seq, user, device, size of its payload in bytes
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return {0} end
local page = redis.call('XRANGE', KEYS[2], '(' .. ARGV[3] .. '-0', '+', 'COUNT', ARGV[4])
local answer = {1, #page, ARGV[3]}
for _, entry in ipairs(page) do
  local seq = string.match(entry[1], '^%d+')
  answer[3] = seq
  if redis.call('SISMEMBER', KEYS[3], seq) == 0 then
    local fields = {}
    for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
    answer[#answer + 1] = seq
    answer[#answer + 1] = fields['u']
    answer[#answer + 1] = fields['d']
    answer[#answer + 1] = #(fields['b'] or '')
  end
end
return answer
