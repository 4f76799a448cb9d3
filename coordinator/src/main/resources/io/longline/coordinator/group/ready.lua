-- How much a group may be given now.
--
-- KEYS   1 groups, 2 stream, 3 leases of the group, 4 later of the group
-- ARGV   1 run_id (of no use here), 2 group
-- Answer -1 where there is no such group here; 0 where there is nothing, and in how many ms there may be as somebody's time is over then (-1:
--        nobody has any); or how many, the lowest of their seqs, the size of its payload in bytes
local fresh = redis.call('HGET', KEYS[1], ARGV[2] .. '/')
if not fresh then return {-1} end
local time = redis.call('TIME')
local us = time[1] * 1000000 + time[2]
local now = string.format('%.0f', us) -- see pull.lua
local count = tonumber(fresh)
local first = nil
for i = 3, 4 do
  local due = redis.call('ZCOUNT', KEYS[i], '-inf', now)
  if due > 0 then
    count = count + due
    local seq = tonumber(redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', now, 'LIMIT', 0, 1)[1])
    if not first or seq < first then first = seq end
  end
end
if count == 0 then
  local soonest = -1
  for i = 3, 4 do
    local till = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2]
    local ms = till and math.max(0, math.ceil((tonumber(till) - us) / 1000))
    if ms and (soonest < 0 or ms < soonest) then soonest = ms end
  end
  return {0, soonest}
end
local from = '(' .. redis.call('HGET', KEYS[1], ARGV[2]) .. '-0'
if first then from = string.format('%.0f', first) .. '-0' end
local found = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 1)
if #found == 0 then return {count, string.format('%.0f', first or 0), 0} end
local size = 0
for i = 1, #found[1][2], 2 do
  if found[1][2][i] == 'b' then size = #found[1][2][i + 1] end
end
return {count, string.match(found[1][1], '^%d+'), size}
