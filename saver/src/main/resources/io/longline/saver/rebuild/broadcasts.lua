-- Carries out what the journal says became of broadcasts, behind topics.lua: how far everybody may read, and what nobody may read any more though
-- an older Redis has it. All of it each time, however old: it may be what was lost.
--
-- KEYS[1] mark of the rebuild
-- ARGV[1] run_id  ARGV[2..] product/topic, offset, OPEN or REMOVE, and so on
-- Touches in the same slot: the topics' logs and hashes, sends, untold, used.
--
-- Answers 1.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag = string.match(KEYS[1], '^{%w+}')
-- include /io/longline/saver/topic/settled.lua

local now = now_ms()
for i = 2, #ARGV, 3 do
  local carry_out = ARGV[i + 2] == 'OPEN' and open or remove
  carry_out(ARGV[i], tonumber(ARGV[i + 1]), now)
end
return 1
