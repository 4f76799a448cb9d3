-- Acknowledges everything up to a seq: what the client has is deleted, each copy becomes ACKED if it has no final state.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] seq     ARGV[5] 1: the journal says so, also beyond the last seq known here; 0: a client says so
--
-- Answers {watermark, moved}: the seq, at most the last one assigned, at least what was acknowledged before; moved is 1
-- if this call raised it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local CHUNK = 200
local USER_KEPT_MS = 10368000000

local function text(number) return string.format('%.0f', number) end

local known = redis.call('HMGET', KEYS[2], 'last', 'acked')
local last, acked = tonumber(known[1] or 0), tonumber(known[2] or 0)
local seq = tonumber(ARGV[4])
if ARGV[5] == '1' then last = math.max(last, seq) end
seq = math.min(seq, last)
if seq <= acked then return {acked, 0} end

local upto, start = text(seq), '-'
repeat
  local entries = redis.call('XRANGE', KEYS[3], start, upto, 'COUNT', CHUNK)
  for _, entry in ipairs(entries) do
    local copy = ARGV[2] .. entry[2][4]
    local state = redis.call('HGET', copy, 'state')
    if state == 'STORED' or state == 'WRITTEN' then redis.call('HSET', copy, 'state', 'ACKED') end
    start = '(' .. entry[1]
  end
until #entries < CHUNK
redis.call('XTRIM', KEYS[3], 'MINID', text(seq + 1))
if redis.call('XLEN', KEYS[3]) == 0 then redis.call('DEL', KEYS[3]) end
redis.call('HSET', KEYS[2], 'acked', upto, 'last', text(last))
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
local unsent = redis.call('ZSCORE', KEYS[4], ARGV[3])
if unsent and tonumber(unsent) <= seq then redis.call('ZREM', KEYS[4], ARGV[3]) end
return {seq, 1}
