-- The broadcast topics of a product in which something was published, in the order of their names.
--
-- KEYS[1] mark    KEYS[2] topics
-- ARGV[1] run_id  ARGV[2] product    ARGV[3] how many
--
-- Answers {topic, ...}; of some it may have been so long ago that nothing is known of them any more.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

-- A star is followed by a plus in ASCII.
local names = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. ARGV[2] .. '/*', '(' .. ARGV[2] .. '/+', 'LIMIT', 0, ARGV[3])
for i, name in ipairs(names) do names[i] = string.sub(name, #ARGV[2] + 2) end
return names
