-- Users that follow a topic, of one shard, by name.
--
-- KEYS   1 mark, 2 who follows the topic
-- ARGV   1 run_id, 2 those after this name, "": from the first on, 3 so many at most, 0: none
-- Answer {how many there are in all, user, user, ...}
--        error SHARD_LOST: there may be more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local after = ARGV[2] == '' and '-' or '(' .. ARGV[2]
local answer = redis.call('ZRANGEBYLEX', KEYS[2], after, '+', 'LIMIT', 0, ARGV[3])
table.insert(answer, 1, string.format('%.0f', redis.call('ZCARD', KEYS[2])))
return answer
