-- Tells of a message that ended without coming into an inbox.
--
-- KEYS[1] mark
-- ARGV[1] run_id  ARGV[2] product/user/device, or product/user/ where it is of no device    ARGV[3] message id
-- ARGV[4] "expired" or "dropped"    ARGV[5] why, or ''    ARGV[6] events, as for tell.lua
-- Touches in the same slot: the box is read; the outbox.
--
-- Answers how many events found no room.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, events = string.match(KEYS[1], '^{%w+}'), ARGV[6]
-- include /io/longline/saver/inbox/tell.lua

tell(ARGV[4], ARGV[2], 0, ARGV[3], ARGV[5])
return unheard
