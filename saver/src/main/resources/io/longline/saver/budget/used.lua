-- What the saver keeps in a shard, and forgets what is not there any more.
--
-- KEYS[1] mark    KEYS[2] used
-- ARGV[1] run_id  ARGV[2] for how many hours copies and records are there
--
-- What is written once and expires by itself is counted by the hour in which it was written: "copy:HOUR"; or, "send:HOUR", by the one in which
-- it goes: that is of topics.
-- Answers {inbox, copy, record, schedule, explain, topic}, bytes.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local this = math.floor(redis.call('TIME')[1] / 3600)
local first = this - tonumber(ARGV[2])
local sums = {inbox = 0, copy = 0, record = 0, schedule = 0, explain = 0, topic = 0, send = 0}
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  local kind, hour = string.match(fields[i], '^(%a+):?(%d*)$')
  if hour ~= '' and tonumber(hour) < (kind == 'send' and this or first) then
    redis.call('HDEL', KEYS[2], fields[i])
  else
    sums[kind] = (sums[kind] or 0) + tonumber(fields[i + 1])
  end
end
return {sums.inbox, sums.copy, sums.record, sums.schedule, sums.explain, sums.topic + sums.send}
