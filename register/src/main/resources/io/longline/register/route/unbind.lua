-- A session gives its endpoint back, if it still is the owner. Doing it again answers the same.
--
-- KEYS   1 mark, 2 generation, 3 the user's routes, 4 the user's devices, 5 what the keys of room indexes begin with,
--        6 who of the product is online, 7 what ended of the user's, 8 what is followed of the user's, 9 what the keys of who follows a topic
--        of the product begin with, 10 what the keys of presence begin with
-- ARGV   1 run_id, 2 product, 3 user, 4 device, 5 the session's generation, 6 "1": forget the device too, else "0",
--        7 where it is, as in bind.lua: only a route that is exactly there goes, whatever the device remembers; "": wherever it is,
--        8 why, as presence tells it
-- Answer, with <now> by the clock of this Redis in ms,
--        "NOT_OWNER <generation> <now>": this newer bind has the endpoint, or had it last; 0: nobody knows the device. Nothing was changed
--        "UNBOUND <now>"
--        "FORGOTTEN <generation> <now>": unbound, and the device is no longer known; tell the journal under this generation. Then for each
--        topic of which the journal is to be told likewise that the device follows it no more " <topic>"; tell forgotten.lua afterwards
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/route/ended.lua
-- include /io/longline/register/route/remove_route.lua
-- include /io/longline/register/route/presence.lua
-- include /io/longline/register/follow/unfollow_all.lua

local device, generation, forget, place = ARGV[4], ARGV[5], ARGV[6] == '1', ARGV[7]
local member = ARGV[2] .. '/' .. ARGV[3] .. '/' .. device

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

-- The device remembers the generation of its last session, so that an unbind that comes again is known. After a loss of Redis it may
-- not have heard of this session, which is newer then.
local entry = redis.call('HGET', KEYS[4], device)
local last, rest
if entry then last, rest = string.match(entry, '^%d+ (%d+)( .*)$') end

if place == '' and entry and tonumber(last) > tonumber(generation) then return 'NOT_OWNER ' .. last .. ' ' .. now end

local route = redis.call('HGET', KEYS[3], device)
if place ~= '' then
  local exactly = place .. ' ' .. generation .. ' '
  if not route or string.sub(route, 1, #exactly) ~= exactly then return 'NOT_OWNER 0 ' .. now end
end
if route then
  local room, incarnation, owner = string.match(route, '^(%S+) (%S+) %S+ %S+ %S+ (%d+) %d+$')
  if owner ~= generation then return 'NOT_OWNER ' .. owner .. ' ' .. now end
  local last_one = remove_route(KEYS[3], device, KEYS[5] .. room .. '/' .. incarnation, member, KEYS[6], ARGV[3])
  went(KEYS[10], ARGV[2], ARGV[3], device, generation, ARGV[8], last_one)
  if entry then
    local highest = tonumber(last) > tonumber(generation) and last or generation
    redis.call('HSET', KEYS[4], device, now .. ' ' .. highest .. rest)
  end
elseif not entry and not forget then
  return 'NOT_OWNER 0 ' .. now
end
if not forget then return 'UNBOUND ' .. now end

redis.call('HDEL', KEYS[4], device)
local given = tonumber(redis.call('GET', KEYS[2]) or 0)
local forgotten = string.format('%.0f', math.max(given + 1, ms * 1024))
redis.call('SET', KEYS[2], forgotten)
has_ended(KEYS[7], device, forgotten)
local answer = {'FORGOTTEN', forgotten, now}
local fields = unfollow_all(KEYS[8], KEYS[9], ARGV[3], forgotten, function(its_device) return its_device == device end)
for _, field in ipairs(fields) do answer[#answer + 1] = string.sub(field, #device + 2) end
return table.concat(answer, ' ')
