-- Appends a message to the log of a topic, once for each message id of the topic within 24 h. What has expired leaves the head of the log; the
-- oldest leave where there are too many, or they take too much: "trimmed" is the highest offset that left before its time.
--
-- KEYS[1] mark    KEYS[2] topic-offset
-- ARGV[1] run_id  ARGV[2] product/topic    ARGV[3] message id    ARGV[4] when it was sent, ms; 0: now
-- ARGV[5] when it expires, ms; of one that is sent now, for how long it lives    ARGV[6] the message
-- ARGV[7] how many messages a log holds    ARGV[8] and bytes of them    ARGV[9] 1: there is room for a new message, 0: there is none
-- Touches in the same slot: the topic's log, hash and ids, sends, topics, untold, used.
--
-- Answers {offset, before, repeated, sent, expires}: before is the offset that was given last before it in this topic (0: none), repeated is 1
-- where the message was there already; sent and expires are ms. Or {'NO_ROOM'}: it is a new one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/append.lua

local name, id, sent, ends = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local known = redis.call('GET', key('topic-id', name .. '/' .. id))
if known then
  local offset, before, sent_at, expires = string.match(known, '^(%d+) (%d+) (%d+) (%d+)$')
  return {tonumber(offset), tonumber(before), 1, tonumber(sent_at), tonumber(expires)}
end

local now = now_ms()
if ARGV[9] ~= '1' then
  drop_expired(name, now)
  return {'NO_ROOM'}
end
if sent == 0 then
  sent, ends = now, now + ends
end
local before = tonumber(redis.call('HGET', key('topic', name), 'last') or 0)
local offset = math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, now * 1024)
-- The first write: Redis refuses it where it has no memory left, and would let one pass that comes after one which frees some.
redis.call('SET', KEYS[2], text(offset))
drop_expired(name, now)
append(name, offset, id, sent, ends, ARGV[6], before, ID_KEPT_MS, now)
make_room(name, tonumber(ARGV[7]), tonumber(ARGV[8]), now)
return {offset, before, 0, sent, ends}
