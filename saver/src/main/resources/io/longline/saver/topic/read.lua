-- Reads the log of a topic. What it finds expired leaves.
--
-- KEYS[1] mark    KEYS[2] the hash of the topic
-- ARGV[1] run_id  ARGV[2] product/topic    ARGV[3] after which offset    ARGV[4] how many messages    ARGV[5] and bytes of them, one message always
-- ARGV[6] of a broadcast topic, up to which offset the reader may read where that is more than everybody may; nobody reads farther
-- Touches in the same slot: the topic's log, sends, used.
--
-- Answers {time, last, readable, cuts, trimmed, gap, more, upto, {offset, expires, sent, message, ...}}: the time is ms; last the offset that was
-- given last, as far as the reader may read; readable likewise, as far as everybody may; cuts is another number, and a higher one, whenever a
-- message was taken out; trimmed the highest offset that left before its time; gap 0, or the first one that is kept where such are behind
-- "after"; everything up to upto is answered, or gone; more is 1 where there is more behind it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/entries.lua

local CHUNK = 16
local name, after, limit, most_bytes = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local log, now = key('log', name), now_ms()
drop_expired(name, now)
local topic = redis.call('HMGET', KEYS[2], 'last', 'trimmed', 'cuts', 'readable')
local given, trimmed, cuts = tonumber(topic[1] or 0), tonumber(topic[2] or 0), tonumber(topic[3] or 0)
local readable, bound, stop = given, math.huge, '+'
if is_broadcast(name) then
  readable = tonumber(topic[4] or 0)
  bound = math.max(readable, tonumber(ARGV[6]))
  stop = text(bound)
end
local last = math.min(given, bound)

local gap = 0
if after < math.min(trimmed, bound) then
  local head = head_of(log)
  gap = math.min(head and tonumber(offset_of(head)) or given + 1, bound + 1)
end

local found, freed = {}, 0

-- Answers the last offset that is in "found" where there is more behind it.
local function read()
  local start, bytes = '(' .. ARGV[3], 0
  while true do
    local entries = redis.call('XRANGE', log, start, stop, 'COUNT', CHUNK)
    for _, entry in ipairs(entries) do
      local fields, at = entry[2], #found
      if now >= tonumber(fields[2]) then
        freed = freed + leave(name, entry, now)
      elseif at > 0 and (at >= 4 * limit or bytes + #fields[8] > most_bytes) then
        return found[at - 3]
      else
        found[at + 1], found[at + 2], found[at + 3] = tonumber(offset_of(entry)), tonumber(fields[2]), tonumber(fields[4])
        found[at + 4] = fields[8]
        bytes = bytes + #fields[8]
      end
      start = '(' .. entry[1]
    end
    if #entries < CHUNK then return nil end
  end
end

local cut = read()
if freed > 0 then note_left(name, freed) end
return {now, last, readable, cuts, trimmed, gap, cut and 1 or 0, cut or math.min(math.max(after, last), bound), found}
