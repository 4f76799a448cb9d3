-- Notes up to which offset an endpoint has acknowledged a topic. Of more topics than so many those go whose offsets are the oldest.
--
-- KEYS[1] mark    KEYS[2] passed
-- ARGV[1] run_id  ARGV[2] topic    ARGV[3] offset    ARGV[4] of how many topics it is noted
--
-- Answers the offset; it never falls.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local USER_KEPT_MS = 10368000000 -- 120 days without one
local known = redis.call('HGET', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
if tonumber(known or 0) >= tonumber(ARGV[3]) then return tonumber(known or 0) end
if not known and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then
  local fields, oldest = redis.call('HGETALL', KEYS[2]), 1
  for i = 3, #fields, 2 do
    if tonumber(fields[i + 1]) < tonumber(fields[oldest + 1]) then oldest = i end
  end
  redis.call('HDEL', KEYS[2], fields[oldest])
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
return tonumber(ARGV[3])
