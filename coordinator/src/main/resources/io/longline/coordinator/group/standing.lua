-- How a stream and the groups that read it stand.
--
-- KEYS   1 groups, 2 stream, 3 leases, 4 later; the last two without group
-- ARGV   1 run_id (of no use here)
-- Answer how many events there are, with those behind the stream, the oldest seq (0: none), and then of each group: its name, how many it has not finished with, how many
--        of them are given, the oldest of its seqs
local function oldest(key)
  local first = 0
  for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local seq = tonumber(member)
    if first == 0 or seq < first then first = seq end
  end
  return first
end

local function first_after(seq)
  local found = redis.call('XRANGE', KEYS[2], '(' .. seq .. '-0', '+', 'COUNT', 1)
  return #found == 0 and '0' or string.match(found[1][1], '^%d+')
end

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2]) -- see pull.lua
-- Behind the stream: what is in MySQL comes first. How old that is is known about.
local tail, backlog = KEYS[2] .. '/tail', KEYS[2] .. '/backlog'
local away = redis.call('HMGET', backlog, 'rows', 'oldest')
local rows = tonumber(away[1] or 0)
local behind = rows + redis.call('XLEN', tail)
local behind_from = 0
if rows > 0 then
  behind_from = tonumber(away[2] or 0)
elseif behind > 0 then
  behind_from = tonumber(string.match(redis.call('XRANGE', tail, '-', '+', 'COUNT', 1)[1][1], '^%d+'))
end

local count, first_of_all = redis.call('XLEN', KEYS[2]), first_after('0')
if count == 0 then first_of_all = string.format('%.0f', behind_from) end
local answer = {count + behind, first_of_all}
local flat = redis.call('HGETALL', KEYS[1])
local groups = {}
for i = 1, #flat, 2 do groups[flat[i]] = flat[i + 1] end
for name, at in pairs(groups) do
  if not string.find(name, '/', 1, true) then
    local leases = KEYS[3] .. '/' .. name
    local later = KEYS[4] .. '/' .. name
    local fresh = tonumber(groups[name .. '/'])
    local first = 0
    for _, seq in ipairs({fresh > 0 and tonumber(first_after(at)) or 0, oldest(leases), oldest(later)}) do
      if seq > 0 and (first == 0 or seq < first) then first = seq end
    end
    if first == 0 then first = behind_from end
    answer[#answer + 1] = name
    answer[#answer + 1] = behind + fresh + redis.call('ZCARD', leases) + redis.call('ZCARD', later)
    answer[#answer + 1] = redis.call('ZCOUNT', leases, '(' .. now, '+inf')
    answer[#answer + 1] = string.format('%.0f', first)
  end
end
return answer
