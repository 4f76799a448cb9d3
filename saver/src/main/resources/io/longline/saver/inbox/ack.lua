-- Acknowledges everything up to a seq: what the client has is deleted, each copy becomes ACKED if it has no final state.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] seq    ARGV[5] the room that was acknowledged to, ARGV[6] from which generation of its session, 0: not known
-- ARGV[7] events, as for tell.lua
-- Touches in the same slot: acks of the jobs that copies are of, and acked; the outbox.
--
-- Answers {watermark, moved, ended, unheard}: the seq, at most the last one assigned, at least what was acknowledged before; moved is 1
-- if this call raised it, ended how many copies became ACKED, unheard how many events of that found no room. Or {'AWAY'}: it would
-- acknowledge messages that are in MySQL alone, and changed nothing.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, events = string.match(KEYS[1], '^{%w+}'), ARGV[7]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/stage.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local CHUNK = 200
local USER_KEPT_MS = 10368000000
local ACKS_KEPT_MS = 259200000 -- three days after the last one
local RECENT_MS = 30000 -- longer than it takes until somebody notices that a saver died

local known = redis.call('HMGET', KEYS[2], 'last', 'acked', 'away')
local last, acked = tonumber(known[1] or 0), tonumber(known[2] or 0)
local seq = tonumber(ARGV[4])
seq = math.min(seq, last)
if seq <= acked then return {acked, 0, 0, 0} end
if known[3] then return {'AWAY'} end

local upto, start, gone, ended, now = text(seq), '-', 0, 0, now_ms()
-- Before all that may take memory: where none is left Redis refuses that as the first write of a script, and an ack frees some.
redis.call('ZREMRANGEBYSCORE', tag .. ':acked', '-inf', text(now - RECENT_MS))
repeat
  local entries = redis.call('XRANGE', KEYS[3], start, upto, 'COUNT', CHUNK)
  for _, entry in ipairs(entries) do
    local copy = ARGV[2] .. entry[2][4]
    local entry_seq = string.match(entry[1], '^%d+')
    local state, job = state_of(copy, entry_seq, 'j')
    if is_open(state) then tell('acked', ARGV[3], entry_seq, entry[2][4], nil, ARGV[6]) end
    if state == 'STORED' or state == 'WRITTEN' then
      redis.call('HSET', copy, 'state', 'ACKED', 'e', stage(tonumber(entry_seq), now, ARGV[5]))
      ended = ended + 1
      if job then
        local acks = tag .. ':acks:' .. job
        redis.call('INCR', acks)
        redis.call('PEXPIRE', acks, ACKS_KEPT_MS)
      end
    end
    start = '(' .. entry[1]
  end
  gone = gone + #entries
until #entries < CHUNK
redis.call('XTRIM', KEYS[3], 'MINID', text(seq + 1))
local rest = note_gone(ARGV[3], KEYS[2], KEYS[3], gone)
if rest > 0 then redis.call('ZADD', tag .. ':inboxes', 'XX', text(now), ARGV[3]) end
redis.call('HSET', KEYS[2], 'acked', upto, 'last', text(last))
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
redis.call('ZADD', tag .. ':acked', text(now), ARGV[3])
local unsent = redis.call('ZSCORE', KEYS[4], ARGV[3])
if unsent and tonumber(unsent) <= seq then redis.call('ZREM', KEYS[4], ARGV[3]) end
return {seq, 1, ended, unheard}
