-- The job of a broadcast has ended, or it, or a message of another topic, is recalled. May be repeated; what was removed stays so.
--
-- KEYS[1] mark    KEYS[2] untold
-- ARGV[1] run_id  ARGV[2] product/topic    ARGV[3] the offset    ARGV[4] OPEN: everybody may read up to it; REMOVE: nobody may read it
-- Touches in the same slot: the topic's log and hash, its send, used.
--
-- Answers 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/settled.lua

if ARGV[4] == 'OPEN' then
  open(ARGV[2], tonumber(ARGV[3]), now_ms())
else
  remove(ARGV[2], tonumber(ARGV[3]), now_ms())
end
return 1
