-- Sessions of a user end, of all devices or of one, and for a time none may be bound. What an earlier kick said of how long is so no more. Doing it
-- again ends who came back, and nobody else; for the same job it changes nothing.
--
-- KEYS   1 mark, 2 generation, 3 events, 4 the user's routes, 5 the user's devices, 6 what the keys of room indexes begin with,
--        7 who of the product is online, 8 who of the user's was kicked, 9 what the keys of presence begin with
-- ARGV   1 run_id, 2 product, 3 user, 4 device, or "": all of them, 5 the reason that clients are told, 6 for how many ms none may be bound,
--        7 most events in the stream, 8 the job that it is of, or ""
-- Answer {"KICKED", sessions that end}
--        {"UNKNOWN"}: no device of the user is known, and none is blocked. Nothing was changed
--        {"FULL"}: the stream is too full for the sessions, or too many devices of the user were kicked within a day. Nothing was changed
--        error SHARD_LOST: nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/kick/kicks.lua
-- include /io/longline/register/route/remove_route.lua
-- include /io/longline/register/route/presence.lua

local product, user, device, reason, block_ms = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', ms)

-- What was done for the last job is noted like a kick of a device, under a name that none has, and without a block: a release that does
-- not know of it leaves it alone until it is old.
local job, done_for = ARGV[8], '/' .. device
local done = redis.call('HGET', KEYS[8], done_for)
if job ~= '' and done then
  local its_job, sessions = string.match(kick_of(done).reason, '^(%S+) (%d+)$')
  if its_job == job then return {'KICKED', tonumber(sessions)} end
end

local routes, ending = redis.call('HGETALL', KEYS[4]), {}
for i = 1, #routes, 2 do
  if device == '' or routes[i] == device then ending[#ending + 1] = {device = routes[i], route = routes[i + 1]} end
end

local function is_known()
  if #routes > 0 then return true end
  for _, entry in ipairs(redis.call('HVALS', KEYS[5])) do
    if string.match(entry, '^%d+ %d+ 1 ') then return true end
  end
  for _, entry in ipairs(redis.call('HVALS', KEYS[8])) do
    if kick_of(entry).until_ms > ms then return true end -- or else nobody could end the block of a user who was forgotten
  end
  return false
end
if not is_known() then return {'UNKNOWN'} end
-- As many as a user may have devices; of others nothing would be remembered, and a block would not hold.
if device ~= '' and redis.call('HLEN', KEYS[8]) >= MOST_KICKS and redis.call('HEXISTS', KEYS[8], device) == 0 then return {'FULL'} end
if #ending > 0 and redis.call('XLEN', KEYS[3]) + #ending > tonumber(ARGV[7]) then return {'FULL'} end

local generation = string.format('%.0f', math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, ms * 1024))
redis.call('SET', KEYS[2], generation)

-- An event is "forgotten" with a reason: every coordinator ends those with 3502, also one of the release that knew no kicks.
for _, each in ipairs(ending) do
  local room, incarnation, loop, slot, slot_generation, its_generation =
    string.match(each.route, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%d+) %d+$')
  local last = remove_route(KEYS[4], each.device, KEYS[6] .. room .. '/' .. incarnation, product .. '/' .. user .. '/' .. each.device,
    KEYS[7], user)
  went(KEYS[9], product, user, each.device, its_generation, 'kicked', last)
  -- Its device remembers this generation: whatever comes of that session still is older.
  local rest = string.match(redis.call('HGET', KEYS[5], each.device) or '', '^%d+ %d+( .*)$')
  if rest then redis.call('HSET', KEYS[5], each.device, now .. ' ' .. generation .. rest) end
  redis.call('XADD', KEYS[3], '*', 'type', 'forgotten',
    'product', product, 'user', user, 'device', each.device,
    'room', room, 'incarnation', incarnation,
    'loop', loop, 'slot', slot, 'slot_generation', slot_generation,
    'generation', its_generation, 'new_generation', generation, 'reason', reason)
end

-- A kick of all devices stands for what was said of each; what is over and old goes with the next of a device.
if device == '' then
  redis.call('DEL', KEYS[8])
  if done then redis.call('HSET', KEYS[8], done_for, done) end
end
local kicks = redis.call('HGETALL', KEYS[8])
for i = 1, #kicks, 2 do
  local kick = kick_of(kicks[i + 1])
  if kick.until_ms <= ms and kick.generation < (ms - KICK_KEPT_MS) * 1024 then redis.call('HDEL', KEYS[8], kicks[i]) end
end
local until_ms = block_ms > 0 and ms + block_ms or 0
redis.call('HSET', KEYS[8], device, string.format('%.0f', until_ms) .. ' ' .. generation .. ' ' .. reason)
if job ~= '' then redis.call('HSET', KEYS[8], done_for, '0 ' .. generation .. ' ' .. job .. ' ' .. #ending) end
local kept_ms = math.max(block_ms, KICK_KEPT_MS)
if redis.call('PTTL', KEYS[8]) < kept_ms then redis.call('PEXPIRE', KEYS[8], string.format('%.0f', kept_ms)) end
return {'KICKED', #ending}
