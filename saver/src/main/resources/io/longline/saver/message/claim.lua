-- Claims a message id for one body, for 24 h, and notes whom it is claimed for.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id  ARGV[2] hash of the body    ARGV[3] 1: there is room for a new record, 0: there is none
-- ARGV[4..] user/device, or user/ for the devices of that user, and the one that is chosen of these, '': all, or none yet; and so on
-- Touches in the same slot: used.
--
-- A target stands in the record until that tells of it, and is not noted again then. The device that is chosen of it first stays so.
-- Answers {outcome, when the first claim was made, ms, 1 if it was recalled since, chosen}: NEW, AGAIN (claimed but not answered: run it again),
-- RECORDED (it has its answer, or is kept to be sent later), CONFLICT (claimed for another body), NO_ROOM (it would be new); chosen are those
-- of the given targets of which a device is chosen, each with that. Of a RECORDED one those that none is given for are passed over, unless it
-- was recalled.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

-- include /io/longline/saver/message/explains.lua

local KEPT_MS = 86400000
local known = redis.call('HMGET', KEYS[2], 'hash', 'at', 'recorded', 'scheduled', 'recalled')
local is_new, is_recorded, is_recalled = not known[1], known[3] or known[4], known[5]
if is_new and is_recorded or not is_new and known[1] ~= ARGV[2] then return {'CONFLICT', tonumber(known[2] or 0), 0, {}} end
if is_new and ARGV[3] ~= '1' then return {'NO_ROOM', 0, 0, {}} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at, bytes = tonumber(known[2]), 0
if is_new then
  at, bytes = now, RECORD_BYTES + #KEYS[2]
  redis.call('HSET', KEYS[2], 'hash', ARGV[2], 'at', text(now))
  redis.call('PEXPIRE', KEYS[2], KEPT_MS)
end

local function chosen_of(target, choice)
  local field = 'for:' .. target
  if is_recorded and choice == '' and not is_recalled then return '' end
  if not is_recorded and not is_recalled and redis.call('HSETNX', KEYS[2], field, choice) == 1 then
    bytes = bytes + TARGET_BYTES + #field
    return choice
  end
  local before = redis.call('HGET', KEYS[2], field)
  if before == '' and choice ~= '' then redis.call('HSET', KEYS[2], field, choice) end
  return before and before ~= '' and before or choice
end

local chosen = {}
for i = 4, #ARGV, 2 do
  local device = chosen_of(ARGV[i], ARGV[i + 1])
  if device ~= '' then chosen[#chosen + 1], chosen[#chosen + 2] = ARGV[i], device end
end
if bytes > 0 then redis.call('HINCRBY', string.match(KEYS[1], '^{%w+}') .. ':used', 'record:' .. hour_of(now), bytes) end
return {is_new and 'NEW' or is_recorded and 'RECORDED' or 'AGAIN', at, is_recalled and 1 or 0, chosen}
