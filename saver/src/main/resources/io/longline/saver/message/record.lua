-- Records to whom a message went. Two runs of one claim may both do so: what either told remains. A claim that was lost with
-- Redis meanwhile is made again; where another body has it by now, nothing is recorded. One that was kept to be sent later has its
-- claim, whatever hash a newer release would make of it, and does not expire until it is finished.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id  ARGV[2] hash of the body, or '': nobody claimed the id    ARGV[3] the center that accepted it, or ''
-- ARGV[4] when it did, ms; 0: now    ARGV[5] 1: only if there is a record, or a claim
-- ARGV[6..] to:user/device, seq, and so on; part:user/device where it failed at another device of the user: such a one is noted for a
-- recall, and is no answer; for:user/device or for:user/, and '': a target of the claim of which this tells; end:user/device or end:user/,
-- and its end: likewise, one that it never goes to, unless the record tells of it already; topic:topic, offset: it stands in that log
-- Touches in the same slot: used, and the list of those that only explain.
--
-- Answers 1, or 2: likewise, and it was recalled meanwhile; 0: another body has it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

-- include /io/longline/saver/message/explains.lua

if ARGV[5] == '1' and redis.call('EXISTS', KEYS[2]) == 0 then return 1 end

local KEPT_MS = 86400000
local tag = string.match(KEYS[1], '^{%w+}')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bytes = 0
local accepted = ARGV[4] ~= '0' and ARGV[4] or text(now)
local known = redis.call('HMGET', KEYS[2], 'scheduled', 'later', 'hash')
local scheduled = known[1]
local explains = ARGV[2] == '' and not known[2] and not known[3]
if ARGV[2] ~= '' and not scheduled then
  redis.call('HSETNX', KEYS[2], 'hash', ARGV[2])
  if redis.call('HGET', KEYS[2], 'hash') ~= ARGV[2] then return 0 end
end
redis.call('HSETNX', KEYS[2], 'at', accepted)
local answered = #ARGV < 6

local function note(field, value)
  if redis.call('HSET', KEYS[2], field, value) == 1 then bytes = bytes + TARGET_BYTES + #field end
end

-- 1 if it was there.
local function take_out(field)
  local was_there = redis.call('HDEL', KEYS[2], field)
  bytes = bytes - was_there * (TARGET_BYTES + #field)
  return was_there
end

for i = 6, #ARGV, 2 do
  local kind, name = string.match(ARGV[i], '^(%a+):(.*)$')
  if kind == 'for' then
    take_out(ARGV[i])
    take_out('end:' .. name)
  elseif kind == 'end' then
    if take_out('for:' .. name) == 1 then note(ARGV[i], ARGV[i + 1]) end
  else
    if kind == 'to' then take_out('part:' .. name) end
    note(ARGV[i], ARGV[i + 1])
  end
  answered = answered or kind == 'to' or kind == 'end' or kind == 'topic'
end
if answered then redis.call(ARGV[3] ~= '' and 'HSET' or 'HSETNX', KEYS[2], 'recorded', '1/' .. ARGV[3]) end
if redis.call('PTTL', KEYS[2]) < 0 and not scheduled then
  redis.call('PEXPIRE', KEYS[2], KEPT_MS)
  bytes = bytes + RECORD_BYTES + #KEYS[2]
  if explains then
    local name, list = name_of(KEYS[2]), tag .. ':explain:' .. hour_of(now)
    if redis.call('RPUSH', list, name) == 1 then redis.call('PEXPIRE', list, KEPT_MS + HOUR_MS) end
    bytes = bytes + ENTRY_BYTES + #name
  end
end
redis.call('HINCRBY', tag .. ':used', (explains and 'explain:' or 'record:') .. hour_of(now), bytes)
return redis.call('HEXISTS', KEYS[2], 'recalled') == 1 and 2 or 1
