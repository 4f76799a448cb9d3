-- Gives a group what it may be given, for a time: first those whose time is over, then those that are due again, then new ones in order.
--
-- KEYS   1 groups, 2 stream, 3 leases of the group, 4 later of the group
-- ARGV   1 run_id (of no use here), 2 group, 3 most entries, 4 bytes of payload after which there are no more, 5 for how long in ms
-- Answer -1 where there is no such group here; or how many of them had been given before and came back by themselves, until when they are
--        given in us, and then of each: seq, and names and values
--
-- Until when it was given, in microseconds, is what its holder has to show when he finishes: nobody is given an entry before that time is over
-- or it was given back, so that of another holder is another. In milliseconds it would not be: who gives back may be given again at once.
-- Where Redis has no memory left this goes on: its first write is one that takes none.
local at = redis.call('HGET', KEYS[1], ARGV[2])
if not at then return {-1} end
redis.call('ZREM', KEYS[4], '')
local time = redis.call('TIME')
local us = time[1] * 1000000 + time[2]
local now = string.format('%.0f', us)
local till = string.format('%.0f', us + tonumber(ARGV[5]) * 1000)
local most = tonumber(ARGV[3])
local answer = {0, till}
local count = 0
local bytes = 0

local function has_room()
  return count < most and (count == 0 or bytes < tonumber(ARGV[4]))
end

local function give(seq, fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'b' then bytes = bytes + #fields[i + 1] end
  end
  count = count + 1
  answer[#answer + 1] = seq
  answer[#answer + 1] = fields
  redis.call('ZADD', KEYS[3], till, seq)
end

local function again(key)
  local given = 0
  for _, seq in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, most)) do
    if not has_room() then return given end
    local found = redis.call('XRANGE', KEYS[2], seq .. '-0', seq .. '-0')
    redis.call('ZREM', key, seq)
    if #found == 1 then
      give(seq, found[1][2])
      given = given + 1
    end
  end
  return given
end

answer[1] = again(KEYS[3])
again(KEYS[4])
local fresh = 0
local page
repeat
  page = has_room() and redis.call('XRANGE', KEYS[2], '(' .. at .. '-0', '+', 'COUNT', math.min(16, most - count)) or {}
  for _, entry in ipairs(page) do
    if not has_room() then break end
    at = string.match(entry[1], '^%d+')
    give(at, entry[2])
    fresh = fresh + 1
  end
until #page == 0
if fresh > 0 then
  redis.call('HSET', KEYS[1], ARGV[2], at)
  fresh = redis.call('HINCRBY', KEYS[1], ARGV[2] .. '/', -fresh)
end
if has_room() or fresh < 0 then redis.call('HSET', KEYS[1], ARGV[2] .. '/', '0') end
return answer
