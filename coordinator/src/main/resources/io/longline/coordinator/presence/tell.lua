-- Tells what register noted of a product in a shard, of what has been so for the debounce: what is so now, where that is not what was told last.
--
-- KEYS   1 mark, 2 lease, 3 what the keys of presence begin with, 4 what the keys of the product's routes begin with,
--        5 stream, 6 waiting, 7 streams of the outbox
-- ARGV   1 run_id, 2 fencing number, 3 product, 4 of whom it is told: "device" or "user", 5 debounce in ms, 6 "1": there is a callback,
--        7 most that may wait for it of an endpoint, 8 in the stream, 9 most to look at now, 10 up to this event the product's log has all,
--        11 most that may be on their way to it
-- Touches in the same slot: the routes of those users, what was noted and told, the last event's number.
-- Answer {0}: the lease is another's now, nothing was changed
--        {1, told online, told offline, came and went unnoticed, marks left, how long the oldest of them is overdue in ms,
--         1: there is no room for more, else 0, event on its way to the log, ...}, each {its number "-0", {name, value, ...}} as told below
--        error SHARD_LOST: who is online is not known, nothing was changed
--
-- Whoever is told has a route with this generation at that moment, or none; and what was told last is in the same slot. So events of an endpoint
-- are told in the order of their generations, whoever tells them.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[2] then return {0} end
-- include /io/longline/keeper/outbox/append.lua

local product, per, has_callback = ARGV[3], ARGV[4], ARGV[6] == '1'
local due, changed = KEYS[3] .. 'due:' .. product, KEYS[3] .. 'changed:' .. product
local told, log = KEYS[3] .. 'told:' .. product, KEYS[3] .. 'log:' .. product
local outbox = {stream = KEYS[5], waiting = KEYS[6], streams = KEYS[7], name = product .. '/presence'}
local most = {endpoint = tonumber(ARGV[7]), stream = tonumber(ARGV[8]), bytes = 1}

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

if ARGV[10] ~= '0' then redis.call('XTRIM', log, 'MINID', string.format('%.0f', tonumber(ARGV[10]) + 1) .. '-0') end

-- The generation of whoever is online now; nil: nobody is.
local function present(user, device, noted)
  if device == '' then return redis.call('EXISTS', KEYS[4] .. user) == 1 and noted or nil end
  return string.match(redis.call('HGET', KEYS[4] .. user, device) or '', ' (%d+) %d+$')
end

local on_their_way = redis.call('XLEN', log)
local function tell(user, device, generation, type, reason)
  if on_their_way >= tonumber(ARGV[11]) then return 'stream_full' end
  local entry = {'u', user, 'd', device, 'g', generation, 'y', type, 'r', reason}
  if has_callback then
    local seq, full = append(outbox, user .. '/' .. device, most, entry)
    if not seq then return full end
  end
  local last = tonumber(redis.call('GET', KEYS[3] .. 'seq') or 0)
  local seq = string.format('%.0f', math.max(last + 1, ms * 1024))
  redis.call('SET', KEYS[3] .. 'seq', seq)
  redis.call('XADD', log, seq .. '-0', 't', now, unpack(entry))
  on_their_way = on_their_way + 1
end

local online, offline, flaps, full = 0, 0, 0, 0

-- Answers what there was no room in, or nil: what was told last is so now.
local function settle(name)
  local user, device = string.match(name, '^([^/]+)/(.*)$')
  local generation, reason, renewed, changes =
    string.match(redis.call('HGET', changed, name) or '0 lost 0 0', '^(%d+) (%S+) ([01]) (%d+)$')
  if (device == '') ~= (per == 'user') then -- it was told of these until its product changed
    redis.call('HDEL', told, name)
    return nil
  end
  local before = string.match(redis.call('HGET', told, name) or '', '^(%d+)')
  local present_generation = present(user, device, generation)
  local no_room
  if present_generation then
    if not before or present_generation ~= before and renewed == '1' and device ~= '' then
      no_room = tell(user, device, present_generation, 'presence.online', renewed == '1' and before and 'replaced' or 'bound')
      if no_room then return no_room end
      online = online + 1
    end
    if present_generation ~= before then redis.call('HSET', told, name, present_generation .. ' ' .. now) end
    redis.call('SADD', KEYS[3] .. 'tellers', product)
  elseif before then
    local last = tonumber(generation) > tonumber(before) and generation or before
    no_room = tell(user, device, last, 'presence.offline', reason ~= 'bound' and reason or 'lost')
    if no_room then return no_room end
    offline = offline + 1
    redis.call('HDEL', told, name)
  end
  flaps = flaps + math.floor(tonumber(changes) / 2)
  return nil
end

local until_ms = string.format('%.0f', ms - tonumber(ARGV[5]))
for _, name in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', until_ms, 'LIMIT', 0, ARGV[9])) do
  local no_room = settle(name)
  if not no_room then
    redis.call('ZREM', due, name)
    redis.call('HDEL', changed, name)
  elseif no_room == 'endpoint_full' then
    redis.call('ZADD', due, now, name) -- it does not hold the others up
    full = 1
  else
    full = 1
    break
  end
end

local marks = redis.call('ZCARD', due)
local oldest = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
local overdue = oldest and math.max(0, ms - tonumber(ARGV[5]) - tonumber(oldest)) or 0
local answer = {1, online, offline, flaps, marks, overdue, full}
for _, entry in ipairs(redis.call('XRANGE', log, '-', '+', 'COUNT', ARGV[11])) do answer[#answer + 1] = entry end
if marks == 0 and #answer == 7 then redis.call('SREM', KEYS[3] .. 'products', product) end
return answer
