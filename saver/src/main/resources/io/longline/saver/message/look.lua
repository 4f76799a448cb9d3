-- What became of one copy, and how. One whose time is over becomes EXPIRED by being looked at.
--
-- KEYS[1] mark    KEYS[2] unsent  KEYS[3] user
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device    ARGV[5] message id    ARGV[6] seq
-- ARGV[7] events, as for tell.lua
-- Touches in the same slot: copy, box and inbox of the device, or of the heir it moved to; the outbox.
--
-- Answers {device where it is, seq, state, reason, expires_at_ms, stored by, routed, written, ended, expired, unheard}: routed, written
-- and ended as stage.lua writes them; '' is what is not known; expired is 1 if it became so by this look, unheard 1 if the event of
-- that found no room.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local GRACE_MS = 10000
local tag, owner, device, id, seq, events = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
-- include /io/longline/saver/inbox/tell.lua
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function key(kind, of) return tag .. ':' .. kind .. ':' .. owner .. '/' .. of end
local function copy_of(at)
  return redis.call('HMGET', key('copy', at .. '/' .. id), 'seq', 'state', 'reason', 'expires', 'to', 'n', 'r', 'w', 'e')
end

local copy = copy_of(device)
if not copy[1] and not copy[5] and device == 'default' then -- gone from there, perhaps to the heir
  copy[5] = redis.call('HGET', KEYS[3], 'heir')
end
if copy[5] then
  device = copy[5]
  copy = copy_of(device)
end
if not copy[1] then -- forgotten after 24 h: what the inbox knows must do
  local boxed = redis.call('HMGET', key('box', device), 'acked', 'away')
  if seq <= tonumber(boxed[1] or 0) then return {device, seq, 'ACKED', '', '', '', '', '', '', 0, 0} end
  local waits = seq <= tonumber(boxed[2] or 0) or #redis.call('XRANGE', key('inbox', device), ARGV[6], ARGV[6]) > 0
  return {device, seq, waits and 'STORED' or 'EXPIRED', '', '', '', '', '', '', 0, 0}
end

seq = tonumber(copy[1])
local state, expires, expired = copy[2], tonumber(copy[4]), 0
if (state == 'STORED' or state == 'WRITTEN') and now >= expires then
  -- What was on its way to the client when it expired may still be acknowledged, for a moment.
  local unsettled = redis.call('ZSCORE', KEYS[2], owner .. '/' .. device)
  local on_its_way = state == 'WRITTEN' or unsettled and tonumber(unsettled) >= seq
  if now >= expires + GRACE_MS or not on_its_way then
    state, expired = 'EXPIRED', 1
    redis.call('HSET', key('copy', device .. '/' .. id), 'state', state)
    tell('expired', owner .. '/' .. device, seq, id)
  end
end
return {
  device, seq, state, copy[3] or '', copy[4] or '', copy[6] or '', copy[7] or '', copy[8] or '', copy[9] or '', expired, unheard
}
