-- Included by scripts that put messages into the log of a topic.
-- Needs the local "tag".

-- include /io/longline/saver/topic/entries.lua

local ID_KEPT_MS = 86400000   -- an id is refused for 24 h
local TOPIC_KEPT_MS = 86400000 -- after its last message has expired
local SEND_KEPT_MS = 3600000  -- likewise
local ID_BYTES = 160 -- what an id takes but for its name; it is counted by the hour it was written in

local function keep_until(name_of_key, ends, now)
  if redis.call('PTTL', name_of_key) < ends - now then redis.call('PEXPIREAT', name_of_key, text(ends)) end
end

-- The oldest leave where there are too many, or they take too much. The newest stays however large it is.
local function make_room(name, most, most_bytes, now)
  local log, topic = key('log', name), key('topic', name)
  local count, bytes, left = redis.call('XLEN', log), tonumber(redis.call('HGET', topic, 'bytes') or 0), 0
  while count > 1 and (count > most or bytes - left > most_bytes) do
    local head = head_of(log)
    if now < tonumber(head[2][2]) then redis.call('HSET', topic, 'trimmed', offset_of(head)) end
    left, count = left + leave(name, head, now), count - 1
  end
  note_left(name, left)
end

-- What is known of a message also where it leaves its log: that its offset was given, and for how long its id is refused.
local function note_given(name, offset, id, sent, ends, before, id_ms, now)
  local topic, known_id = key('topic', name), key('topic-id', name .. '/' .. id)
  note_topic(name)
  redis.call('HSET', topic, 'last', text(offset))
  keep_until(topic, math.max(ends, now) + TOPIC_KEPT_MS, now)
  if id_ms > 0 then
    redis.call('SET', known_id, text(offset) .. ' ' .. text(before) .. ' ' .. text(sent) .. ' ' .. text(ends), 'PX', text(id_ms))
    redis.call('HINCRBY', tag .. ':used', 'topic:' .. text(math.floor(now / HOUR_MS)), ID_BYTES + #known_id)
  end
end

-- A message with an offset above all that its log has, of which "before" was given last; "id_ms" is for how long its id is refused.
local function append(name, offset, id, sent, ends, message, before, id_ms, now)
  local log, send = key('log', name), key('send', text(offset))
  local node = redis.call('EXISTS', log) == 0 and NODE_BYTES or 0
  redis.call('XADD', log, text(offset) .. '-0', 'e', text(ends), 's', text(sent), 'i', id, 'm', message)
  note_bytes(name, weight(name, id, message) + node)
  redis.call('HSET', send, 'topic', name, 'id', id, 'at', text(sent), 'expires', text(ends), 'before', text(before))
  local gone = math.max(ends, now)
  redis.call('PEXPIREAT', send, text(gone + SEND_KEPT_MS))
  keep_until(log, gone + SEND_KEPT_MS, now)
  -- Rooms hear of a broadcast from its job; all of them when everybody may read it.
  if not is_broadcast(name) then redis.call('ZADD', tag .. ':untold', 'NX', text(now), name) end
  note_given(name, offset, id, sent, ends, before, id_ms, now)
end

-- What is told of the send of a message that is not in its log because it was recalled.
local function note_recalled(name, offset, id, sent, ends, before, now)
  local send = key('send', text(offset))
  redis.call('HSET', send, 'topic', name, 'id', id, 'at', text(sent), 'expires', text(ends), 'before', text(before), 'over', 1, 'recalled', 1)
  redis.call('PEXPIREAT', send, text(math.max(ends, now) + SEND_KEPT_MS))
  note_send(send, SEND_BYTES + #name + #id, now)
end
