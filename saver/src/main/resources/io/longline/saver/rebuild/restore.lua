-- Puts back what the journal knows of one message. Never overwrites what is here, and is harmless on a shard in use.
--
-- KEYS[1] mark of the rebuild    KEYS[2] user    KEYS[3] box    KEYS[4] inbox    KEYS[5] copy    KEYS[6] unsent
-- KEYS[7] collapse
-- ARGV[1] run_id  ARGV[2] product/user/device    ARGV[3] seq    ARGV[4] message id    ARGV[5] expires_at_ms
-- ARGV[6] final state, or ''    ARGV[7] reason, or ''    ARGV[8] the message, or '' of a final one
-- ARGV[9] its collapse key, or ''
--
-- Answers 1 if the message waits in the inbox now and did not before, else 0.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local COPY_KEPT_MS = 86400000
local USER_KEPT_MS = 10368000000

local function text(number) return string.format('%.0f', number) end

local seq, expires, state = tonumber(ARGV[3]), tonumber(ARGV[5]), ARGV[6]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local known = redis.call('HMGET', KEYS[3], 'last', 'acked', 'soonest')
if seq > tonumber(redis.call('HGET', KEYS[2], 'seq') or 0) then
  redis.call('HSET', KEYS[2], 'seq', text(seq))
  redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
end
if seq > tonumber(known[1] or 0) then
  redis.call('HSET', KEYS[3], 'last', text(seq))
  redis.call('PEXPIRE', KEYS[3], USER_KEPT_MS)
end
if state == '' and seq <= tonumber(known[2] or 0) then state = 'ACKED' end
if state == '' and now >= expires then state = 'EXPIRED' end

-- Of several rows with one id the newest is the message; there can be an older one that moved to another seq.
local copy = redis.call('HMGET', KEYS[5], 'seq', 'state')
local is_final = copy[2] and copy[2] ~= 'STORED' and copy[2] ~= 'WRITTEN'
local is_this = copy[1] and tonumber(copy[1]) == seq
local is_newer = copy[1] and tonumber(copy[1]) > seq
local left = math.floor(seq / 1024) + COPY_KEPT_MS - now

if state ~= '' then
  redis.call('XDEL', KEYS[4], text(seq) .. '-0')
  if redis.call('XLEN', KEYS[4]) == 0 then redis.call('DEL', KEYS[4]) end
  if left > 0 and (not copy[1] or is_this and not is_final) then
    redis.call('HSET', KEYS[5], 'seq', text(seq), 'state', state, 'reason', ARGV[7], 'expires', ARGV[5])
    redis.call('PEXPIRE', KEYS[5], text(left))
  end
  return 0
end

if is_newer or is_this and is_final or copy[1] and not is_this and not is_final then return 0 end
if #redis.call('XRANGE', KEYS[4], ARGV[3], ARGV[3]) > 0 then return 0 end

local above = redis.call('XRANGE', KEYS[4], '(' .. ARGV[3] .. '-0', '+')
local kept = math.max(redis.call('PTTL', KEYS[4]), expires - now + 60000)
if #above == 0 and redis.call('XLEN', KEYS[4]) == 0 then redis.call('DEL', KEYS[4]) end
-- A stream takes nothing below its top, also where the top was deleted: then it is written anew.
local append = {'XADD', KEYS[4], ARGV[3] .. '-0', 'e', ARGV[5], 'i', ARGV[4], 'm', ARGV[8]}
if ARGV[9] ~= '' then
  append[#append + 1] = 'k'
  append[#append + 1] = ARGV[9]
end
local appended = #above == 0 and redis.pcall(unpack(append))
if not appended or type(appended) == 'table' and appended.err then
  local below = redis.call('XRANGE', KEYS[4], '-', '(' .. ARGV[3] .. '-0')
  redis.call('DEL', KEYS[4])
  for _, entry in ipairs(below) do redis.call('XADD', KEYS[4], entry[1], unpack(entry[2])) end
  redis.call(unpack(append))
  for _, entry in ipairs(above) do redis.call('XADD', KEYS[4], entry[1], unpack(entry[2])) end
end
redis.call('PEXPIRE', KEYS[4], text(kept))
if ARGV[9] ~= '' and seq > tonumber(redis.call('HGET', KEYS[7], ARGV[9]) or 0) then
  redis.call('HSET', KEYS[7], ARGV[9], text(seq))
  redis.call('PEXPIRE', KEYS[7], text(math.max(redis.call('PTTL', KEYS[7]), kept)))
end
redis.call('HSET', KEYS[3], 'soonest', text(math.min(tonumber(known[3] or expires), expires)))
if left > 0 and not is_this then
  redis.call('HSET', KEYS[5], 'seq', text(seq), 'state', 'STORED', 'reason', '', 'expires', ARGV[5])
  redis.call('PEXPIRE', KEYS[5], text(left))
end
redis.call('ZADD', KEYS[6], 'GT', text(seq), ARGV[2])
return 1
