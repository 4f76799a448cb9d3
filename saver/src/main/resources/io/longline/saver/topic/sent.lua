-- One send and what became of it.
--
-- KEYS[1] mark    KEYS[2] the send
-- ARGV[1] run_id  ARGV[2] its offset
-- Touches in the same slot: the hash of its topic.
--
-- Answers {product/topic, message id, sent, expires, told, {room, followers and written with a blank between them, ...}, recalled}: sent and
-- expires are ms, told is 1 where every room knows of it, recalled where nobody reads it any more. Or {}: there is none, its message left for lack of room, or it expired an hour ago.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, send, rooms = string.match(KEYS[1], '^{%w+}'), {}, {}
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  local room = string.match(fields[i], '^room:(.*)$')
  if room then
    rooms[#rooms + 1], rooms[#rooms + 2] = room, fields[i + 1]
  else
    send[fields[i]] = fields[i + 1]
  end
end
if not send.topic then return {} end
local told = tonumber(redis.call('HGET', tag .. ':topic:' .. send.topic, 'told') or 0)
return {send.topic, send.id, tonumber(send.at), tonumber(send.expires), told >= tonumber(ARGV[2]) and 1 or 0, rooms, send.recalled and 1 or 0}
