-- Notes that rooms were told of a send, and to how many it went there. What a room says later is more complete, and replaces what it said.
-- Where every room knows of it, what they said is also so of the sends before it of which not every room was known to know, and of which they
-- said less: whoever was sent this one was sent those.
--
-- KEYS[1] mark    KEYS[2] the hash of the topic    KEYS[3] its log    KEYS[4] the send    KEYS[5] untold
-- ARGV[1] run_id  ARGV[2] product/topic    ARGV[3] the offset of the send    ARGV[4] 1: every room knows how far the topic reaches
-- ARGV[5..] room, followers, how many it was written to, and so on
-- Touches in the same slot: used, earlier sends of the topic, the newest 100 at most.
--
-- Answers 1 where every room knows all that was published, of a broadcast topic what everybody may read; 0: not known, or there is more since.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, name, offset = string.match(KEYS[1], '^{%w+}'), ARGV[2], tonumber(ARGV[3])
-- include /io/longline/saver/topic/entries.lua
local ROOM_BYTES, MOST_EARLIER = 40, 100
local now = now_ms()

local topic = redis.call('HMGET', KEYS[2], is_broadcast(name) and 'readable' or 'last', 'told')
if not topic[1] then return 0 end

local function note_room(send, room, counts)
  if redis.call('HSET', send, 'room:' .. room, counts) == 0 then return end
  redis.call('HINCRBY', send, 'bytes', ROOM_BYTES + #room)
  if redis.call('HEXISTS', send, 'over') == 1 then
    note_send(send, ROOM_BYTES + #room, now)
  else
    note_bytes(name, ROOM_BYTES + #room)
  end
end

local is_noted = redis.call('HGET', KEYS[4], 'topic') == name
for i = 5, is_noted and #ARGV or 0, 3 do note_room(KEYS[4], ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2]) end

if ARGV[4] ~= '1' then return 0 end
local function written(counts) return tonumber(string.match(counts or ' -1', ' (%-?%d+)$')) end

local function fields_of(send)
  local flat, fields = redis.call('HGETALL', send), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local told, newest = tonumber(topic[2] or 0), is_noted and fields_of(KEYS[4]) or {}
local before = tonumber(newest.before or 0)
for _ = 1, MOST_EARLIER do
  local send = key('send', text(before))
  local its = before > told and fields_of(send) or {}
  if its.topic ~= name then break end
  for field, counts in pairs(newest) do
    local room = string.match(field, '^room:(.*)$')
    if room and written(its[field]) < written(counts) then note_room(send, room, counts) end
  end
  before = tonumber(its.before or 0)
end

if offset > told then redis.call('HSET', KEYS[2], 'told', text(offset)) end
if offset >= tonumber(topic[1]) then
  redis.call('ZREM', KEYS[5], name)
  return 1
end
if is_broadcast(name) then return 0 end
local newer = redis.call('XRANGE', KEYS[3], '(' .. ARGV[3], '+', 'COUNT', 1)[1]
-- An offset begins with its time.
if newer then redis.call('ZADD', KEYS[5], 'XX', text(math.floor(tonumber(offset_of(newer)) / 1024)), name) end
return 0
