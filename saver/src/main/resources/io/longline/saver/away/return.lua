-- Puts what was gathered from MySQL back into its inbox, below what was stored there since; if nothing that is away has
-- changed meanwhile. From then on nothing is away.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox   KEYS[4] what was gathered
-- ARGV[1] run_id  ARGV[2] product/user/device    ARGV[3] away    ARGV[4] away_n, both as the box had them at the beginning
-- ARGV[5] how many messages were gathered    ARGV[6] what they take, bytes    ARGV[7] when the first of them expires
-- ARGV[8] when the last does
-- Touches in the same slot: used, inboxes.
--
-- Answers 1, or 0: it is to be done once more, because something is not as it was, or somebody else has done it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/inbox/weigh.lua

local boxed = redis.call('HMGET', KEYS[2], 'away', 'away_n', 'bytes', 'soonest')
if boxed[1] ~= ARGV[3] or boxed[2] ~= ARGV[4] or redis.call('XLEN', KEYS[4]) ~= tonumber(ARGV[5]) then
  redis.call('DEL', KEYS[4])
  return 0
end
redis.call('HDEL', KEYS[2], 'away', 'away_n')

local function seq_of(entry) return tonumber(string.match(entry[1], '^%d+')) end

-- Messages below what is away may be in both, after Redis was rolled back.
local function merged(some, others)
  local by_seq, all = {}, {}
  for _, entries in ipairs({some, others}) do
    for _, entry in ipairs(entries) do
      if not by_seq[entry[1]] then all[#all + 1] = entry end
      by_seq[entry[1]] = true
    end
  end
  table.sort(all, function(a, b) return seq_of(a) < seq_of(b) end)
  return all
end

local gathered = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
local newer = redis.call('XRANGE', KEYS[3], '-', '+')
if gathered then
  local ends = math.max(redis.call('PTTL', KEYS[3]), tonumber(ARGV[8]) - now_ms() + 60000)
  if newer[1] and seq_of(newer[1]) <= seq_of(gathered) then
    newer = merged(redis.call('XRANGE', KEYS[4], '-', '+'), newer)
    redis.call('DEL', KEYS[4])
  end
  for _, entry in ipairs(newer) do redis.call('XADD', KEYS[4], entry[1], unpack(entry[2])) end
  redis.call('RENAME', KEYS[4], KEYS[3])
  redis.call('PEXPIRE', KEYS[3], text(ends))
  local before = tonumber(boxed[3] or 0)
  note_bytes(KEYS[2], before, (#newer > 0 and before or NODE_BYTES) + tonumber(ARGV[6]))
  local soonest = tonumber(ARGV[7])
  if #newer > 0 then soonest = math.min(soonest, tonumber(boxed[4] or ARGV[7])) end
  redis.call('HSET', KEYS[2], 'soonest', text(soonest))
  redis.call('ZADD', tag .. ':inboxes', text(now_ms()), ARGV[2])
elseif #newer == 0 then
  redis.call('HDEL', KEYS[2], 'soonest')
end
return 1
