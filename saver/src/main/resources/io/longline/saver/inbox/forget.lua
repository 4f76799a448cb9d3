-- Forgets an endpoint as it was up to a seq: each copy up to there leaves the inbox and is dropped. What was stored beyond
-- it stays, because the device has come back; so does what it took over from "default" since, whatever seq that has. If it
-- was the heir of "default" then, the next device that is bound takes over. What it has acknowledged of topics by then is
-- forgotten, too: offsets and seqs are led by the same clock.
-- Or only empties its inbox: the endpoint goes on.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device
-- ARGV[5] seq, or 0: all of it             ARGV[6] forgotten, or emptied    ARGV[7] this saver
-- ARGV[8] events, as for tell.lua
-- Touches in the same slot: box, inbox, collapse, copies and passed of the device; the outbox.
--
-- Answers {watermark, version, ended, unheard, seq, message id, seq, message id, ...}: nothing up to the watermark will be loaded again,
-- version is of the decision to have no heir (0: it was not the heir, and there is one, or never was), ended how many copies became DROPPED, unheard how many events of
-- that found no room, and what left the inbox. Or {'AWAY'}: messages are in MySQL alone, and nothing was changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local CHUNK = 200
local tag, owner, device, upto, reason = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local events = ARGV[8]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/stage.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local function key(kind, of) return tag .. ':' .. kind .. ':' .. owner .. '/' .. of end

local box, inbox = key('box', device), key('inbox', device)
local boxed = redis.call('HMGET', box, 'last', 'acked', 'away')
if boxed[3] then return {'AWAY'} end
-- include /io/longline/saver/inbox/may_write.lua
local last, watermark = tonumber(boxed[1] or 0), tonumber(boxed[2] or 0)
if upto == 0 then upto = math.huge end
local answer = {0, 0, 0, 0}

local known = redis.call('HMGET', KEYS[2], 'seq', 'heir', 'heir_at', 'heir_kept')
if reason == 'forgotten' and known[2] == device and tonumber(known[3]) <= upto then
  local version = math.max(tonumber(known[1] or 0) + 1, now_ms() * 1024)
  redis.call('HSET', KEYS[2], 'seq', text(version), 'heir_at', text(version))
  redis.call('HDEL', KEYS[2], 'heir')
  answer[2] = version
elseif reason == 'forgotten' and not known[2] and known[3] and known[3] ~= known[4] then
  answer[2] = tonumber(known[3]) -- by a call before this one, and perhaps not journaled then
end

if reason == 'forgotten' then
  local passed = key('passed', device)
  local offsets = redis.call('HGETALL', passed)
  for i = 1, #offsets, 2 do
    if tonumber(offsets[i + 1]) <= upto then redis.call('HDEL', passed, offsets[i]) end
  end
end

local now = now_ms()
local start, upper = '-', upto == math.huge and '+' or text(upto)
local gone, first_kept = {}, math.huge
repeat
  local entries = redis.call('XRANGE', inbox, start, upper, 'COUNT', CHUNK)
  for _, entry in ipairs(entries) do
    local copy = key('copy', device .. '/' .. entry[2][4])
    local entry_seq = string.match(entry[1], '^%d+')
    local seq, state, taken = tonumber(entry_seq), state_of(copy, entry_seq, 'taken')
    if taken and tonumber(taken) > upto then
      first_kept = math.min(first_kept, seq)
    else
      if is_open(state) then tell('dropped', owner .. '/' .. device, seq, entry[2][4], reason) end
      if state == 'STORED' or state == 'WRITTEN' then
        redis.call('HSET', copy, 'state', 'DROPPED', 'reason', reason, 'e', stage(seq, now, ARGV[7]))
        answer[3] = answer[3] + 1
      end
      answer[#answer + 1] = seq
      answer[#answer + 1] = entry[2][4]
      gone[#gone + 1] = entry[1]
    end
    start = '(' .. entry[1]
  end
until #entries < CHUNK
for first = 1, #gone, CHUNK do
  redis.call('XDEL', inbox, unpack(gone, first, math.min(first + CHUNK - 1, #gone)))
end
if note_gone(owner .. '/' .. device, box, inbox, #gone) == 0 then redis.call('DEL', key('collapse', device)) end

watermark = math.max(watermark, math.min(last, upto, first_kept - 1))
if boxed[1] then redis.call('HSET', box, 'acked', text(watermark)) end
answer[1], answer[4] = watermark, unheard
local unsent = redis.call('ZSCORE', KEYS[3], owner .. '/' .. device)
if first_kept == math.huge and unsent and tonumber(unsent) <= upto then redis.call('ZREM', KEYS[3], owner .. '/' .. device) end
return answer
