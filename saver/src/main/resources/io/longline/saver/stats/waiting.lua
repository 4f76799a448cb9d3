-- How many messages of a product wait in a shard: of so many inboxes, and of so much of what is to be sent later, chosen at random.
--
-- KEYS[1] mark    KEYS[2] inboxes    KEYS[3] schedule
-- ARGV[1] run_id  ARGV[2] product    ARGV[3] what the keys of inboxes begin with    ARGV[4] so many are looked at of each
-- Touches in the same slot: those inboxes.
--
-- Answers {inboxes, looked at, messages of the product in those, messages kept for later, looked at, of the product}. Inboxes whose
-- messages are all in MySQL alone are not among them.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local most, of_product = tonumber(ARGV[4]), ARGV[2] .. '/'
local function is_ours(name) return string.sub(name, 1, #of_product) == of_product end

local looked, messages = 0, 0
for _, endpoint in ipairs(redis.call('ZRANDMEMBER', KEYS[2], most)) do
  looked = looked + 1
  if is_ours(endpoint) then messages = messages + redis.call('XLEN', ARGV[3] .. endpoint) end
end
local seen, kept = 0, 0
for _, message in ipairs(redis.call('ZRANDMEMBER', KEYS[3], most)) do
  seen = seen + 1
  if is_ours(message) then kept = kept + 1 end
end
return {redis.call('ZCARD', KEYS[2]), looked, messages, redis.call('ZCARD', KEYS[3]), seen, kept}
