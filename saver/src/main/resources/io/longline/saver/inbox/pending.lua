-- How many messages wait in an inbox. What has expired does not count; it is dropped, but for what was on its way.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] events, as for tell.lua
-- Touches in the same slot: copies of the inbox, inboxes, used; the outbox.
--
-- Answers {how many, expired, unheard}: expired is how many copies were found to have expired, unheard how many events of that found no
-- room. Or {'AWAY'}: some are in MySQL alone, of which some may have expired.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, events = string.match(KEYS[1], '^{%w+}'), ARGV[4]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local now = now_ms()
local known = redis.call('HMGET', KEYS[2], 'soonest', 'away', 'away_n')
if not known[1] or now < tonumber(known[1]) then return {redis.call('XLEN', KEYS[3]) + tonumber(known[3] or 0), 0, 0} end
if known[2] then return {'AWAY'} end

local GRACE_MS = 10000
local expired = 0
local unsettled = tonumber(redis.call('ZSCORE', KEYS[4], ARGV[3]) or 0)

-- What was on its way to the client when it expired may still be acknowledged, for a moment.
local function drop_expired(entry)
  local copy = ARGV[2] .. entry[2][4]
  local seq = string.match(entry[1], '^%d+')
  local state = state_of(copy, seq)
  local on_its_way = state == 'WRITTEN' or unsettled >= tonumber(seq)
  if on_its_way and now < tonumber(entry[2][2]) + GRACE_MS then return false end
  if is_open(state) then tell('expired', ARGV[3], seq, entry[2][4]) end
  if state == 'STORED' or state == 'WRITTEN' then
    redis.call('HSET', copy, 'state', 'EXPIRED')
    expired = expired + 1
  end
  redis.call('XDEL', KEYS[3], entry[1])
  return true
end

-- include /io/longline/saver/inbox/may_write.lua
-- What is left says when it is worth walking through it again.
local pending, left_soonest, dropped = 0, math.huge, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+')) do
  local expires = tonumber(entry[2][2])
  local gone = now >= expires and drop_expired(entry)
  if now < expires then pending = pending + 1 end
  if gone then dropped = dropped + 1 else left_soonest = math.min(left_soonest, expires) end
end
if note_gone(ARGV[3], KEYS[2], KEYS[3], dropped) > 0 then
  redis.call('HSET', KEYS[2], 'soonest', text(left_soonest))
else
  redis.call('HDEL', KEYS[2], 'soonest')
end
return {pending, expired, unheard}
