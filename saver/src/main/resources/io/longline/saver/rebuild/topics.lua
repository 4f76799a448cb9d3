-- Puts back messages of topics that the journal has, those of a topic in the order of their offsets. What Redis has lost is always the end of
-- what was done: so what is not above all that a log was ever given is left out. Of two messages with one id, which were published a
-- moment apart because Redis was lost in between, the newer one stays. Rooms are told of all these topics again. Of what has expired, left its log or
-- was removed only what is known also where a message is gone is put back; of what was recalled from a topic that is not for broadcasts, that it was.
--
-- KEYS[1] mark of the rebuild    KEYS[2] topic-offset
-- ARGV[1] run_id
-- ARGV[2..] of each: product/topic, offset, message id, sent, expires, 0, or 1 where it is gone, 2 where it was removed, how many messages its log
-- holds, and bytes of them, message
-- Touches in the same slot: the topics' logs, hashes and ids, sends, topics, untold, used.
--
-- Answers how many it put back; the oldest of them may have left their logs already, as there is no room for them.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/append.lua

local now, given, restored = now_ms(), tonumber(redis.call('GET', KEYS[2]) or 0), 0

local function drop_older(name, id)
  local known = redis.call('GET', key('topic-id', name .. '/' .. id))
  local older = known and redis.call('XRANGE', key('log', name), string.match(known, '^%d+'), string.match(known, '^%d+'))[1]
  if older then note_left(name, leave(name, older, now)) end
end

local function restore(name, offset, id, sent, ends, state, most, most_bytes, message)
  local last = tonumber(redis.call('HGET', key('topic', name), 'last') or 0)
  given = math.max(given, offset)
  if offset <= last then return end
  drop_older(name, id)
  local id_ms = math.min(math.floor(offset / 1024) + ID_KEPT_MS - now, ID_KEPT_MS)
  if state ~= '0' or now >= ends then
    note_given(name, offset, id, sent, ends, last, id_ms, now)
    if state == '2' and not is_broadcast(name) then note_recalled(name, offset, id, sent, ends, last, now) end
    return
  end
  append(name, offset, id, sent, ends, message, last, id_ms, now)
  make_room(name, most, most_bytes, now)
  restored = restored + 1
end

for i = 2, #ARGV, 9 do
  local offset, sent, ends = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
  local most, most_bytes = tonumber(ARGV[i + 6]), tonumber(ARGV[i + 7])
  restore(ARGV[i], offset, ARGV[i + 2], sent, ends, ARGV[i + 5], most, most_bytes, ARGV[i + 8])
end
redis.call('SET', KEYS[2], text(given))
return restored
