-- Events in the log of a product.
--
-- KEYS   1 events of the product, 2 their state
-- ARGV   1 run_id (of no use here), 2 behind this id, "": from the oldest on, 3 so many at most
-- Answer {last id that was given, id behind which nothing was forgotten, event as in the stream, ...}
--
-- Where there is no log yet it begins here, so that what is answered now holds for whoever comes back with it.
local state = redis.call('HMGET', KEYS[2], 'last', 'gone')
if not state[1] then
  local time = redis.call('TIME')
  local begin = string.format('%.0f', (time[1] * 1000 + math.floor(time[2] / 1000)) * 1024)
  redis.call('HSET', KEYS[2], 'last', begin, 'gone', begin)
  state = {begin, begin}
end
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2] .. '-0'
-- For none Redis would answer nil.
local answer = ARGV[3] == '0' and {} or redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[3])
table.insert(answer, 1, state[2])
table.insert(answer, 1, state[1])
return answer
