-- Claims a message id, and keeps its message until it is due. The record of the id lives as long.
--
-- KEYS[1] mark    KEYS[2] record    KEYS[3] schedule    KEYS[4] what is kept
-- ARGV[1] run_id  ARGV[2] product/id    ARGV[3] hash of the body, or '': nobody chose the id    ARGV[4] send_at_ms
-- ARGV[5] targets: user/device, or user/ for all of its devices, with blanks between them    ARGV[6] what is to be sent then
-- ARGV[7] 1: there is room for a new one, 0: there is none
-- Touches in the same slot: used.
--
-- Answers NEW, AGAIN (it is kept already), OVER (it was sent or recalled since), CONFLICT (claimed for another body), NO_ROOM
-- (it would be new).
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/saver/schedule/kept.lua

local known = redis.call('HMGET', KEYS[2], 'hash', 'at', 'recorded', 'scheduled')
if (known[1] or known[3] or known[4]) and (known[1] or '') ~= ARGV[3] then return 'CONFLICT' end
if known[4] then return 'AGAIN' end
if known[3] then return 'OVER' end
if ARGV[7] ~= '1' then return 'NO_ROOM' end

keep(KEYS[2], KEYS[3], KEYS[4], ARGV[2], ARGV[3], known[2] or text(now_ms()), ARGV[4], ARGV[5], ARGV[6])
return 'NEW'
