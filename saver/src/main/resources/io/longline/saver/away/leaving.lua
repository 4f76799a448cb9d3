-- Reads the head of an inbox that is to leave for MySQL.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] product/user/device    ARGV[3] at most so many messages    ARGV[4] and bytes of them
--
-- Answers {seq, expires_at_ms, message id, message, ...} in order; nothing where it may not leave now: a hint is not
-- settled yet, or the journal does not know who inherits.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local heir = redis.call('HMGET', KEYS[2], 'heir_at', 'heir_kept')
if heir[1] ~= heir[2] or redis.call('ZSCORE', KEYS[4], ARGV[2]) then return {} end

local answer, bytes = {}, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', ARGV[3])) do
  bytes = bytes + #entry[2][6]
  if #answer > 0 and bytes > tonumber(ARGV[4]) then break end
  answer[#answer + 1] = tonumber(string.match(entry[1], '^%d+'))
  answer[#answer + 1] = entry[2][2]
  answer[#answer + 1] = entry[2][4]
  answer[#answer + 1] = entry[2][6]
end
return answer
