-- Recalls what is kept and not begun. Doing it again answers the same. Of all else its record has it from then on: who is still sending it,
-- or sends it again, learns of it by claim.lua and record.lua.
--
-- KEYS[1] mark    KEYS[2] record    KEYS[3] schedule    KEYS[4] what is kept
-- ARGV[1] run_id  ARGV[2] product/id
-- Touches in the same slot: used.
--
-- Answers {outcome, when it was recalled, 1 if by this call}: DONE, BEGUN (somebody is sending it), NOTHING (there is none, or it is
-- not kept or not any more).
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

local known = redis.call('HMGET', KEYS[2], 'scheduled', 'recalled', 'targets')
if known[2] and known[3] then return {'DONE', tonumber(known[2]), 0} end
local now = now_ms()
if not known[1] then
  if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSETNX', KEYS[2], 'recalled', text(now)) end
  return {'NOTHING', 0, 0}
end
if redis.call('HEXISTS', KEYS[4], 'begun') == 1 then return {'BEGUN', 0, 0} end

keep_no_more(KEYS[2], KEYS[3], KEYS[4], ARGV[2], now)
redis.call('HSET', KEYS[2], 'recalled', text(now))
return {'DONE', now, 1}
