-- Puts right what stands in "used" for the topics of a shard, and lets go what has expired at the heads of their logs: of a log that
-- nobody touches nobody else would.
--
-- KEYS[1] mark    KEYS[2] used    KEYS[3] topics
-- ARGV[1] run_id  ARGV[2] how many topics it looks at in one step
-- Touches in the same slot: the logs and hashes of the topics, sends, untold.
--
-- Answers {how many topics there are, by how many bytes it was wrong}. Of more topics than that it looks at some, and leaves the sum.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, most = string.match(KEYS[1], '^{%w+}'), tonumber(ARGV[2])
-- include /io/longline/saver/topic/entries.lua
local now = now_ms()

local all = redis.call('ZCARD', KEYS[3]) <= most
local names = all and redis.call('ZRANGE', KEYS[3], 0, -1) or redis.call('ZRANDMEMBER', KEYS[3], most)
local sum, wrong = 0, 0
for _, name in ipairs(names) do
  local topic = key('topic', name)
  if redis.call('EXISTS', topic) == 0 then
    forget_topic(name)
  else
    drop_expired(name, now)
    sum = sum + TOPIC_BYTES + 2 * #name + tonumber(redis.call('HGET', topic, 'bytes') or 0)
  end
end
local noted = tonumber(redis.call('HGET', KEYS[2], 'topic') or 0)
if all and noted ~= sum then
  redis.call('HSET', KEYS[2], 'topic', text(sum))
  wrong = math.abs(noted - sum)
end
return {redis.call('ZCARD', KEYS[3]), wrong}
