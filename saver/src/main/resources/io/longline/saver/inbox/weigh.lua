-- Included by scripts that change what an inbox holds. What its messages take in memory stands in its box ("bytes") and
-- in the sum of its shard; "inboxes" has each endpoint with messages in Redis, by when its client last showed up. What a
-- message takes is counted when it comes; what has left took its share.
-- Needs the local "tag".

local function text(number) return string.format('%.0f', number) end

local NODE_BYTES = 4096 -- a stream takes its memory in nodes of so many bytes, of which one is never full

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- As many as fit share a node.
local function weight(id, message, collapse_key)
  local size = #id + #message + #(collapse_key or '') + 48
  return math.max(size, math.floor(NODE_BYTES / math.max(1, math.floor(NODE_BYTES / size))))
end

local function note_bytes(box, before, bytes)
  if bytes == before then return end
  if bytes == 0 then redis.call('HDEL', box, 'bytes') else redis.call('HSET', box, 'bytes', text(bytes)) end
  redis.call('HINCRBY', tag .. ':used', 'inbox', text(bytes - before))
end

-- So many of its messages have left an inbox; answers how many are left. An empty one goes.
local function note_gone(endpoint, box, inbox, gone)
  local rest = redis.call('XLEN', inbox)
  local before = tonumber(redis.call('HGET', box, 'bytes') or 0)
  if rest == 0 then
    redis.call('DEL', inbox)
    redis.call('ZREM', tag .. ':inboxes', endpoint)
    note_bytes(box, before, 0)
  elseif gone > 0 then
    note_bytes(box, before, math.floor(before * rest / (rest + gone)))
  end
  return rest
end
