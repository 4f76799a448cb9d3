-- How many uplinks of a product may be taken now.
--
-- KEYS   1 rate
-- ARGV   1 run_id (of no use here), 2 how many there are, 3 how many a second the product may
-- Answer how many are admitted, in how many ms the next one would be
--
-- What is kept is the time, in microseconds, up to which the rate is used up; a second may be used up at once.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each = 1000000 / tonumber(ARGV[3])
local used = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local admitted = math.min(tonumber(ARGV[2]), math.floor((now + 1000000 - used) / each))
if admitted < 0 then admitted = 0 end
if admitted > 0 then
  used = used + admitted * each
  redis.call('SET', KEYS[1], string.format('%.0f', used), 'PX', 2000)
end
return {admitted, math.max(1, math.ceil((used + each - now - 1000000) / 1000))}
