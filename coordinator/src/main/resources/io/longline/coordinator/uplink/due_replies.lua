-- Replies that are due. None of them is again before a pause that is as long as it has waited, within bounds.
--
-- KEYS   1 replies, 2 due
-- ARGV   1 run_id (of no use here), 2 most replies, 3 bytes after which there are no more, 4 shortest pause in ms, 5 longest pause
-- Answer how many wait in the shard, in how many ms the next one is due (-1: none is), and then of each: name, for how many ms it has waited,
--        what it says
redis.call('ZREM', KEYS[2], '') -- see note_replies.lua: where Redis has no memory left
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {0, -1}
local bytes = 0
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])) do
  if bytes >= tonumber(ARGV[3]) then break end
  local since, says = string.match(redis.call('HGET', KEYS[1], name) or '', '^(%d+) (.*)$')
  if since then
    local age = math.max(0, now - tonumber(since))
    local pause = math.min(math.max(age, tonumber(ARGV[4])), tonumber(ARGV[5]))
    redis.call('ZADD', KEYS[2], string.format('%.0f', now + pause), name)
    bytes = bytes + #says
    answer[#answer + 1] = name
    answer[#answer + 1] = string.format('%.0f', age)
    answer[#answer + 1] = says
  else
    redis.call('ZREM', KEYS[2], name)
  end
end
answer[1] = redis.call('ZCARD', KEYS[2])
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
if first then answer[2] = math.max(0, tonumber(first) - now) end
return answer
