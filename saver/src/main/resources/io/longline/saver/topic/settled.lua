-- Included by scripts that carry out what became of broadcasts, and take out what was recalled of other topics. Of a topic of which nothing is known there is nothing to carry out.
-- Needs the local "tag".

-- include /io/longline/saver/inbox/may_write.lua
-- include /io/longline/saver/topic/entries.lua

-- Everybody may read up to this offset, and rooms are to be told so.
local function open(name, offset, now)
  local known = redis.call('HMGET', key('topic', name), 'last', 'readable')
  if not known[1] or tonumber(known[2] or 0) >= offset then return end
  redis.call('HSET', key('topic', name), 'readable', text(offset))
  redis.call('ZADD', tag .. ':untold', 'NX', text(now), name)
end

-- Nobody may read what stands at this offset any more. It is not "trimmed", so nobody is told of a gap. Its id is refused as before. What is noted of
-- the send of a broadcast goes, as its job tells of it.
local function remove(name, offset, now)
  local topic = key('topic', name)
  if redis.call('EXISTS', topic) == 0 then return end
  local entry = redis.call('XRANGE', key('log', name), text(offset), text(offset))[1]
  if entry then note_left(name, leave(name, entry, now, not is_broadcast(name))) end
  -- Led by the clock, so that it is higher than what somebody remembers of a Redis that was lost since.
  redis.call('HSET', topic, 'cuts', text(math.max(now, tonumber(redis.call('HGET', topic, 'cuts') or 0) + 1)))
end
