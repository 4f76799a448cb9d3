-- Gathers messages that come back from MySQL, in order of their seq, in a stream of their own: nobody reads it before all
-- are there. What has ended meanwhile is left out.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] the stream
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] events, as for tell.lua
-- ARGV[5..] seq, expires_at_ms, message id, message, collapse key or '', and so on
-- Touches in the same slot: those copies; the outbox.
--
-- Answers {count, bytes, soonest, latest, unheard}: how many were taken in, what they take in memory, when the first and the last of them
-- expire (0: there are none), and how many events of what had expired found no room. Where events are told and the copy is forgotten, what
-- has expired is taken in as well: only by leaving the inbox it is told once.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, events = string.match(KEYS[1], '^{%w+}'), ARGV[4]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local KEPT_MS = 600000 -- of one that nobody finishes
local now = now_ms()
local acked = tonumber(redis.call('HGET', KEYS[2], 'acked') or 0)
local count, bytes, soonest, latest = 0, 0, math.huge, 0
for i = 5, #ARGV, 5 do
  local seq, expires, id = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local copy = ARGV[2] .. id
  local known = redis.call('HMGET', copy, 'seq', 'state')
  if is_of_newer(known[1], seq) then known = {} end
  local waits = not known[2] or known[2] == 'STORED' or known[2] == 'WRITTEN'
  waits = waits and (not known[1] or known[1] == seq) and tonumber(seq) > acked
  local is_over = waits and now >= expires
  if is_over and known[2] then
    redis.call('HSET', copy, 'state', 'EXPIRED')
    tell('expired', ARGV[3], seq, id)
  elseif waits and (not is_over or events ~= '') then
    local fields = {'e', ARGV[i + 1], 'i', id, 'm', ARGV[i + 3]}
    if ARGV[i + 4] ~= '' then
      fields[7], fields[8] = 'k', ARGV[i + 4]
    end
    redis.call('XADD', KEYS[3], seq .. '-0', unpack(fields))
    count, bytes = count + 1, bytes + weight(id, ARGV[i + 3], ARGV[i + 4])
    soonest, latest = math.min(soonest, expires), math.max(latest, expires, is_over and now or 0)
  end
end
redis.call('PEXPIRE', KEYS[3], KEPT_MS)
if latest == 0 then soonest = 0 end
return {count, bytes, soonest, latest, unheard}
