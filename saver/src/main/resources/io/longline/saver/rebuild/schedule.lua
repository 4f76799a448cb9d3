-- Puts back what the journal knows of messages that are to be sent later, many at a time.
--
-- KEYS[1] mark of the rebuild    KEYS[2] schedule
-- ARGV[1] run_id  ARGV[2] what the names of records begin with    ARGV[3] of kept ones
-- ARGV[4..] of each: product/id, hash of the body or '', send_at_ms, when it ended or is to end, state: '' SENT RECALLED, targets,
--           what is to be sent or ''
-- Touches in the same slot: records and kept ones, used.
--
-- What ended is taken out of an older Redis. What was due already may have been sent in part: it must be begun before it can be
-- recalled. Answers how many are kept now and were not before.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

local now, restored = now_ms(), 0

local function restore(name, hash, send_at, over_at, state, targets, push)
  local record, kept = ARGV[2] .. name, ARGV[3] .. name
  local known = redis.call('HMGET', record, 'scheduled', 'recorded', 'hash')
  if state ~= '' and known[1] then keep_no_more(record, KEYS[2], kept, name, now) end
  if state == 'SENT' and known[1] then
    redis.call('HDEL', record, 'targets') -- as finish.lua does
    if not known[2] then redis.call('HDEL', record, 'recorded') end -- to whom it went is not known
  end
  if state == 'RECALLED' and (known[1] or not known[2]) then
    if hash ~= '' then redis.call('HSET', record, 'hash', hash) end
    redis.call('HSET', record, 'recorded', '1', 'recalled', over_at, 'targets', targets)
    redis.call('HSETNX', record, 'at', over_at) -- when it was accepted is not known
    redis.call('PEXPIRE', record, text(math.max(1, tonumber(over_at) + RECORD_KEPT_MS - now)))
  end
  if state ~= '' then return end
  if not known[1] and not known[2] and (known[3] or hash) == hash then
    keep(record, KEYS[2], kept, name, hash, text(now), send_at, targets, push)
    restored = restored + 1
  end
  if redis.call('EXISTS', kept) == 1 and tonumber(send_at) <= now then redis.call('HSET', kept, 'begun', '1') end
end

for i = 4, #ARGV, 7 do
  restore(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6])
end
return restored
