-- Forgets an endpoint: its inbox is emptied and each copy in it dropped. If it was the heir of "default", the next device
-- that is bound takes over.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device
-- Touches in the same slot: box, inbox, collapse and copies of the device.
--
-- Answers {watermark, version, seq, message id, seq, message id, ...}: nothing up to the watermark will be loaded again,
-- version is of the decision to have no heir (0: it was not the heir), and what was dropped.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local CHUNK = 200
local tag, owner, device = ARGV[2], ARGV[3], ARGV[4]

local function text(number) return string.format('%.0f', number) end
local function key(kind, of) return tag .. ':' .. kind .. ':' .. owner .. '/' .. of end

local box, inbox = key('box', device), key('inbox', device)
local last = redis.call('HGET', box, 'last')
if last then redis.call('HSET', box, 'acked', last) end
local answer = {tonumber(last or 0), 0}

local known = redis.call('HMGET', KEYS[2], 'seq', 'heir')
if known[2] == device then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local version = math.max(tonumber(known[1] or 0) + 1, now * 1024)
  redis.call('HSET', KEYS[2], 'seq', text(version), 'heir_at', text(version))
  redis.call('HDEL', KEYS[2], 'heir')
  answer[2] = version
end

local start = '-'
repeat
  local entries = redis.call('XRANGE', inbox, start, '+', 'COUNT', CHUNK)
  for _, entry in ipairs(entries) do
    local copy = key('copy', device .. '/' .. entry[2][4])
    local state = redis.call('HGET', copy, 'state')
    if state == 'STORED' or state == 'WRITTEN' then
      redis.call('HSET', copy, 'state', 'DROPPED', 'reason', 'forgotten')
    end
    answer[#answer + 1] = tonumber(string.match(entry[1], '^%d+'))
    answer[#answer + 1] = entry[2][4]
    start = '(' .. entry[1]
  end
until #entries < CHUNK
redis.call('DEL', inbox, key('collapse', device))
redis.call('ZREM', KEYS[3], owner .. '/' .. device)
return answer
