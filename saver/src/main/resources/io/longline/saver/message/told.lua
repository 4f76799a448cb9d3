-- To whom a message went, and who accepted it.
--
-- KEYS[1] mark    KEYS[2] record
-- ARGV[1] run_id
--
-- Answers {known, rest, targets, copies, ends, at, center, recalled, later, partial, over, claimed, topic, offset}: known is 0 where no such message was
-- recorded, kept or recalled, else 1; targets are those of one that was kept, user/device or user/ with blanks between them, and rest is
-- what those are that it did not go to, SCHEDULED or RECALLED; copies are user/device, seq, and so on; ends user/device or user/, and
-- EXPIRED, DROPPED or RECALLED, and so on; at is when it was accepted, ms, center by whom, recalled when it was before it was due, or as
-- a message to a topic: 0 and '' where that is not known; later is 1 where it was kept until it was due; partial are copies, as above, of users at whose other devices it
-- failed; over is 1 where it was recalled at any time; claimed are targets that the record does not tell of yet, user/device or user/, each
-- with the device that was chosen of it, or ''; topic is that of a message to one, else '', and offset where it stands there.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local record, topic, offset = {}, '', 0
local copies, ends, partial, claimed = {}, {}, {}, {}
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  local kind, name = string.match(fields[i], '^(%a+):?(.*)$')
  if kind == 'to' then
    copies[#copies + 1], copies[#copies + 2] = name, tonumber(fields[i + 1])
  elseif kind == 'part' then
    partial[#partial + 1], partial[#partial + 2] = name, tonumber(fields[i + 1])
  elseif kind == 'for' then
    claimed[#claimed + 1], claimed[#claimed + 2] = name, fields[i + 1]
  elseif kind == 'topic' then
    topic, offset = name, tonumber(fields[i + 1])
  elseif kind == 'end' then
    ends[#ends + 1], ends[#ends + 2] = name, fields[i + 1]
  else
    record[kind] = fields[i + 1]
  end
end
if not record.recorded and not record.scheduled and not record.recalled then return {0} end
local rest = record.scheduled and 'SCHEDULED' or record.recalled and 'RECALLED' or ''
local center = string.match(record.recorded or '', '^1/(.*)$') or ''
-- Of one that was sent since, each copy has its own end.
local at, recalled = tonumber(record.at or 0), tonumber((record.targets or topic ~= '') and record.recalled or 0)
local later, over = record.later and 1 or 0, record.recalled and 1 or 0
return {1, rest, record.targets or '', copies, ends, at, center, recalled, later, partial, over, claimed, topic, offset}
