-- The topics of a product that have a log in a shard, in the order of their names. What has expired at the heads of their logs leaves.
--
-- KEYS[1] mark    KEYS[2] topics
-- ARGV[1] run_id  ARGV[2] product    ARGV[3] topics after this one, '': from the first on    ARGV[4] how many
-- Touches in the same slot: the logs and hashes of the topics, sends, used.
--
-- Answers {topic, the offset that was given last, messages, ...}. A topic of which nothing is known any more leaves.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, product = string.match(KEYS[1], '^{%w+}'), ARGV[2]
-- include /io/longline/saver/topic/entries.lua

local answer, now, start = {}, now_ms(), '(' .. product .. '/' .. ARGV[3]
repeat
  local wanted = tonumber(ARGV[4]) - #answer / 3
  -- A slash is followed by a nought in ASCII.
  local names = redis.call('ZRANGEBYLEX', KEYS[2], start, '(' .. product .. '0', 'LIMIT', 0, wanted)
  for _, name in ipairs(names) do
    drop_expired(name, now)
    local last = redis.call('HGET', key('topic', name), 'last')
    if last then
      local at = #answer
      answer[at + 1], answer[at + 2] = string.sub(name, #product + 2), tonumber(last)
      answer[at + 3] = redis.call('XLEN', key('log', name))
    else
      forget_topic(name)
    end
    start = '(' .. name
  end
until #names < wanted or #answer == 3 * tonumber(ARGV[4])
return answer
