-- Takes the head of an inbox out of Redis, now that all of it is certainly in MySQL; if nothing has changed since it was
-- read. The box keeps up to which seq messages are away, and how many.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] inbox    KEYS[4] unsent    KEYS[5] box    KEYS[6] collapse    KEYS[7] inboxes
-- ARGV[1] run_id  ARGV[2] product/user/device    ARGV[3] for so long at least the client has been away, ms
-- ARGV[4..] their seqs
-- Touches in the same slot: used.
--
-- Answers 1, or 0: something has changed, nothing left.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/inbox/weigh.lua

local endpoint, count = ARGV[2], #ARGV - 3
local heir = redis.call('HMGET', KEYS[2], 'heir_at', 'heir_kept')
local seen = redis.call('ZSCORE', KEYS[7], endpoint)
if heir[1] ~= heir[2] or redis.call('ZSCORE', KEYS[4], endpoint) then return 0 end
if not seen or tonumber(seen) > now_ms() - tonumber(ARGV[3]) then return 0 end

local last = ARGV[#ARGV]
local entries = redis.call('XRANGE', KEYS[3], '-', last)
if #entries ~= count then return 0 end
for i, entry in ipairs(entries) do
  if entry[1] ~= ARGV[i + 3] .. '-0' then return 0 end
end

-- include /io/longline/saver/inbox/may_write.lua
-- What a newer message of their key is to replace must be found without them.
for _, entry in ipairs(entries) do
  local collapse_key = entry[2][8]
  local seq = string.match(entry[1], '^%d+')
  if collapse_key and redis.call('HGET', KEYS[6], collapse_key) == seq then
    redis.call('HSET', KEYS[6], collapse_key, seq .. '/' .. entry[2][4])
  end
end
local away = tonumber(redis.call('HGET', KEYS[5], 'away') or 0)
redis.call('HSET', KEYS[5], 'away', text(math.max(away, tonumber(last))))
redis.call('HINCRBY', KEYS[5], 'away_n', count)
redis.call('XTRIM', KEYS[3], 'MINID', text(tonumber(last) + 1))
note_gone(endpoint, KEYS[5], KEYS[3], count)
return 1
