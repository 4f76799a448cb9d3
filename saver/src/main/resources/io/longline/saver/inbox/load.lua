-- Reads the next messages of an inbox, in order, and drops the expired ones it meets.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] seq after which it reads    ARGV[5] how many messages    ARGV[6] how many bytes of them, but for a first one
--
-- Answers {more, upto, pending, {seq, message, seq, message, ...}}: more is 1 if there are further ones, everything up
-- to upto is in the answer or gone, pending is how many are in the inbox.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local CHUNK = 100
local GRACE_MS = 10000
local after, limit, bytes = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What was on its way to the client when it expired may still be acknowledged, for a moment.
local function drop_expired(entry, seq)
  local copy = ARGV[2] .. entry[2][4]
  local state = redis.call('HGET', copy, 'state')
  if now < tonumber(entry[2][2]) + GRACE_MS then
    local unsettled = redis.call('ZSCORE', KEYS[4], ARGV[3])
    if state == 'WRITTEN' or unsettled and tonumber(unsettled) >= seq then return false end
  end
  if state == 'STORED' or state == 'WRITTEN' then redis.call('HSET', copy, 'state', 'EXPIRED') end
  redis.call('XDEL', KEYS[3], entry[1])
  return true
end

local found, size, upto = {}, 0, after
local left, left_soonest = 0, math.huge -- of what is still there among what was read

local function stays(entry)
  left = left + 1
  left_soonest = math.min(left_soonest, tonumber(entry[2][2]))
end

local function read()
  local start = '(' .. ARGV[4] .. '-0'
  repeat
    local entries = redis.call('XRANGE', KEYS[3], start, '+', 'COUNT', CHUNK)
    for _, entry in ipairs(entries) do
      local seq, message = tonumber(string.match(entry[1], '^%d+')), entry[2][6]
      if now >= tonumber(entry[2][2]) then
        if not drop_expired(entry, seq) then stays(entry) end
      else
        if #found == limit * 2 or #found > 0 and size + #message > bytes then return 1 end
        found[#found + 1] = seq
        found[#found + 1] = message
        size = size + #message
        upto = seq
        stays(entry)
      end
      start = '(' .. entry[1]
    end
  until #entries < CHUNK
  return 0
end

local more = read()
local pending = redis.call('XLEN', KEYS[3])
if pending == 0 then redis.call('DEL', KEYS[3]) end
if left == pending then -- all of it was read: that says when something will expire next
  if left == 0 then
    redis.call('HDEL', KEYS[2], 'soonest')
  else
    redis.call('HSET', KEYS[2], 'soonest', string.format('%.0f', left_soonest))
  end
end
if more == 0 then upto = math.max(upto, tonumber(redis.call('HGET', KEYS[2], 'last') or 0)) end
return {more, upto, pending, found}
