-- Puts back the watermarks of the journal, many at a time: also beyond the last seq known here. What an older Redis still
-- has below them leaves the inbox, each copy becomes ACKED if it has no final state: as far as a watermark tells, which is raised beyond
-- what was dropped or recalled, too. So it is noted ("guessed"), and the end that the journal has for it overwrites it.
--
-- KEYS[1] mark of the rebuild    KEYS[2] unsent
-- ARGV[1] run_id  ARGV[2] tag    ARGV[3..] product/user/device, seq, and so on
-- Touches in the same slot: box, inbox and copies of the endpoints, used, inboxes.
--
-- Answers how many watermarks it raised.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local CHUNK = 200
local USER_KEPT_MS = 10368000000
local tag = ARGV[2]
-- include /io/longline/saver/inbox/weigh.lua

local function drop_acked(endpoint, box, inbox, upto)
  local copies, start, gone = tag .. ':copy:' .. endpoint .. '/', '-', 0
  repeat
    local entries = redis.call('XRANGE', inbox, start, upto, 'COUNT', CHUNK)
    for _, entry in ipairs(entries) do
      local copy = copies .. entry[2][4]
      local state = redis.call('HGET', copy, 'state')
      if state == 'STORED' or state == 'WRITTEN' then redis.call('HSET', copy, 'state', 'ACKED', 'guessed', '1') end
      start = '(' .. entry[1]
    end
    gone = gone + #entries
  until #entries < CHUNK
  redis.call('XTRIM', inbox, 'MINID', text(tonumber(upto) + 1))
  note_gone(endpoint, box, inbox, gone)
end

local raised = 0
for i = 3, #ARGV, 2 do
  local endpoint, upto = ARGV[i], ARGV[i + 1]
  local seq = tonumber(upto)
  local box, inbox = tag .. ':box:' .. endpoint, tag .. ':inbox:' .. endpoint
  local known = redis.call('HMGET', box, 'last', 'acked', 'away')
  if seq > tonumber(known[2] or 0) then
    raised = raised + 1
    if known[3] and seq >= tonumber(known[3]) then redis.call('HDEL', box, 'away', 'away_n') end
    if redis.call('EXISTS', inbox) == 1 then drop_acked(endpoint, box, inbox, upto) end
    redis.call('HSET', box, 'acked', upto, 'last', text(math.max(tonumber(known[1] or 0), seq)))
    redis.call('PEXPIRE', box, USER_KEPT_MS)
    local unsent = redis.call('ZSCORE', KEYS[2], endpoint)
    if unsent and tonumber(unsent) <= seq then redis.call('ZREM', KEYS[2], endpoint) end
  end
end
return raised
