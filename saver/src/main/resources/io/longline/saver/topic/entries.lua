-- Included by scripts that change what the log of a topic holds. What its entries take in memory, with what is noted of their sends, stands in
-- the hash of the topic ("bytes") and in the sum of its shard; a topic that stands in "topics" takes something itself. What is noted of the
-- send of an entry that has expired or was recalled stays until it goes by itself, and is counted by the hour in which it does.
-- Needs the local "tag".

local TOPIC_BYTES, SEND_BYTES, NODE_BYTES, HOUR_MS = 450, 260, 4096, 3600000 -- what each takes but for names; a stream lies in nodes of so many bytes
local MOST_EXPIRED = 100 -- in one step

local function text(number) return string.format('%.0f', number) end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function key(kind, name) return tag .. ':' .. kind .. ':' .. name end

-- The names of topics that every endpoint follows. Of these is read what everybody may ("readable"), or a job asks to send.
local function is_broadcast(name) return string.find(name, '/*', 1, true) ~= nil end

local function offset_of(entry) return string.match(entry[1], '^%d+') end

-- As many entries as fit share a node.
local function weight(name, id, message)
  local size = #id + #message + 64
  local shared = math.max(size, math.floor(NODE_BYTES / math.max(1, math.floor(NODE_BYTES / size))))
  return shared + SEND_BYTES + #name + #id
end

-- What the hash of a send takes until it goes.
local function note_send(send, bytes, now)
  local left = redis.call('PTTL', send)
  if left > 0 then redis.call('HINCRBY', tag .. ':used', 'send:' .. text(math.floor((now + left) / HOUR_MS)), bytes) end
end

local function note_used(change) redis.call('HINCRBY', tag .. ':used', 'topic', text(change)) end

local function note_bytes(name, change)
  if change == 0 then return end
  redis.call('HINCRBY', key('topic', name), 'bytes', text(change))
  note_used(change)
end

-- It is among the topics from now on, or no longer.
local function note_topic(name)
  if redis.call('ZADD', tag .. ':topics', 0, name) == 1 then note_used(TOPIC_BYTES + 2 * #name) end
end

local function forget_topic(name)
  redis.call('DEL', key('log', name))
  redis.call('ZREM', tag .. ':untold', name)
  if redis.call('ZREM', tag .. ':topics', name) == 1 then note_used(-TOPIC_BYTES - 2 * #name) end
end

-- Takes an entry out, and what is noted of its send unless it has expired or is recalled; answers what they took.
local function leave(name, entry, now, is_recalled)
  redis.call('XDEL', key('log', name), entry[1])
  local send, id = key('send', offset_of(entry)), entry[2][6]
  local rooms = tonumber(redis.call('HGET', send, 'bytes') or 0)
  if now < tonumber(entry[2][2]) and not is_recalled then
    redis.call('DEL', send)
  elseif redis.call('EXISTS', send) == 1 then
    redis.call('HSET', send, 'over', 1)
    if is_recalled then redis.call('HSET', send, 'recalled', 1) end
    note_send(send, SEND_BYTES + #name + #id + rooms, now)
  end
  return weight(name, id, entry[2][8]) + rooms
end

-- Entries that took so much have left. An empty log takes nothing.
local function note_left(name, bytes)
  local log = key('log', name)
  if redis.call('XLEN', log) == 0 then
    redis.call('DEL', log)
    bytes = tonumber(redis.call('HGET', key('topic', name), 'bytes') or 0)
  end
  note_bytes(name, -bytes)
end

local function head_of(log) return redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1] end

-- What has expired at the head of a log leaves it; what expires sooner than those before it waits until somebody meets it.
local function drop_expired(name, now)
  local log, bytes, head = key('log', name), 0, nil
  for _ = 1, MOST_EXPIRED do
    head = head_of(log)
    if not head or now < tonumber(head[2][2]) then break end
    bytes = bytes + leave(name, head, now)
  end
  if bytes > 0 or not head then note_left(name, bytes) end
end
