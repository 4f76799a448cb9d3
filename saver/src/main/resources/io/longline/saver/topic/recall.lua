-- Finds the message of a topic that is to be recalled by its id. To one that never came an offset is given now, and its id is refused as if it had
-- come and had been taken out: whoever is still sending it is told that it is there. May be repeated.
--
-- KEYS[1] mark    KEYS[2] topic-offset
-- ARGV[1] run_id  ARGV[2] product/topic    ARGV[3] message id
-- Touches in the same slot: the topic's hash and ids, sends, topics, used.
--
-- Answers {offset, before, known, sent, expires}, as publish.lua does: known is 1 where the message came, or was recalled before.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/append.lua

local name, id = ARGV[2], ARGV[3]
local known = redis.call('GET', key('topic-id', name .. '/' .. id))
if known then
  local offset, before, sent, expires = string.match(known, '^(%d+) (%d+) (%d+) (%d+)$')
  return {tonumber(offset), tonumber(before), 1, tonumber(sent), tonumber(expires)}
end

local now = now_ms()
local before = tonumber(redis.call('HGET', key('topic', name), 'last') or 0)
local offset = math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, now * 1024)
redis.call('SET', KEYS[2], text(offset))
note_given(name, offset, id, now, now + ID_KEPT_MS, before, ID_KEPT_MS, now)
note_recalled(name, offset, id, now, now + ID_KEPT_MS, before, now)
return {offset, before, 0, now, now + ID_KEPT_MS}
