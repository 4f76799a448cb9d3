-- Reads the next messages of an inbox, in order, and drops the expired ones it meets. One that expired while a hint of it
-- may be on its way is still read, so that whoever reads it says whether it was sent. All others that a session reads are
-- WRITTEN: from here they go to its link, and what was sent is not recalled. Counts how often sessions begin
-- with the same message without an ack in between: a client that never acknowledges is told to stay away, for longer
-- each time, and is read nothing. Neither is a session, once a later one has begun to read: what was stored since is not its.
--
-- KEYS[1] mark    KEYS[2] box     KEYS[3] inbox    KEYS[4] unsent
-- ARGV[1] run_id  ARGV[2] what the keys of this inbox's copies begin with    ARGV[3] product/user/device
-- ARGV[4] seq after which it reads    ARGV[5] how many messages    ARGV[6] how many bytes of them, but for a first one
-- ARGV[7] generation of the session that reads, 0: none does    ARGV[8] 1 if it begins with this    ARGV[9] its room
-- ARGV[10] events, as for tell.lua
-- Touches in the same slot: copies of the inbox, inboxes, used; the outbox.
--
-- Answers {more, upto, pending, {seq, message, seq, message, ...}, never_acks_ms, replaced, acked, expired, unheard}: more is 1 if there are
-- further ones, everything up to upto is in the answer or gone, pending is how many are in the inbox. never_acks_ms: over 0
-- the client is to stay away so long. replaced is 1 if there is a later session. acked is the watermark, expired how many
-- copies were found to have expired, unheard how many events of that found no room.
-- Or {'AWAY'}: some of what it asks for is in MySQL alone.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local tag, events = string.match(KEYS[1], '^{%w+}'), ARGV[10]
-- include /io/longline/saver/inbox/weigh.lua
-- include /io/longline/saver/inbox/stage.lua
-- include /io/longline/saver/inbox/copy.lua
-- include /io/longline/saver/inbox/tell.lua

local CHUNK = 100
local GRACE_MS = 10000
local MOST_LOADS = 8
local FIRST_MS, LONGEST_MS = 60000, 3600000 -- for which a client that never acknowledges is to stay away
local after, limit, bytes = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local generation, begins = tonumber(ARGV[7]), ARGV[8] == '1'
local now = now_ms()
local expired = 0

local boxed = redis.call('HMGET', KEYS[2], 'last', 'away', 'acked', 'loads')
local away, acked = tonumber(boxed[2] or 0), boxed[3] or '0'
if away > after then return {'AWAY'} end

-- "loads": the newest generation that was counted, how many were, since which watermark, beginning with which message,
-- how often the client was told to stay away, and until when.
local loads = {generation = 0, count = 0, acked = acked, head = 0, times = 0, until_ms = 0}
local function know_loads()
  if not boxed[4] then return end
  local part = {}
  for word in string.gmatch(boxed[4], '%d+') do part[#part + 1] = tonumber(word) end
  loads.generation = part[1]
  if part[3] ~= tonumber(acked) then return end -- it has acknowledged something since
  loads.count, loads.head, loads.times, loads.until_ms = part[2], part[4], part[5], part[6]
end

local function remember()
  local parts = {}
  for i, value in ipairs({loads.generation, loads.count, tonumber(acked), loads.head, loads.times, loads.until_ms}) do
    parts[i] = text(value)
  end
  redis.call('HSET', KEYS[2], 'loads', table.concat(parts, ' '))
end

-- Answers for how long the client is to stay away.
local function count_load(head)
  if generation <= loads.generation then return 0 end
  if not head then -- it has nothing to acknowledge
    loads.generation = generation
    remember()
    return 0
  end
  if head ~= loads.head then loads.count = 0 end
  loads.generation, loads.head, loads.count = generation, head, loads.count + 1
  local away_ms = 0
  if loads.count >= MOST_LOADS then
    away_ms = math.min(FIRST_MS * 2 ^ loads.times, LONGEST_MS)
    loads.times, loads.until_ms = loads.times + 1, now + away_ms
    loads.count = MOST_LOADS - 2 -- then it has one more try
  end
  remember()
  return away_ms
end

local function turned_away(for_ms, replaced)
  return {0, 0, redis.call('XLEN', KEYS[3]), {}, for_ms, replaced, tonumber(acked), expired, unheard}
end

if generation > 0 then
  know_loads()
  if generation < loads.generation then return turned_away(0, 1) end
end
if begins then
  if loads.until_ms > now and redis.call('EXISTS', KEYS[3]) == 1 then return turned_away(loads.until_ms - now, 0) end
end

local GONE, SENT, HINTED = 1, 2, 3

-- For a moment after it has expired, what was sent may still be acknowledged, and what is hinted may still be sent.
local function expire(entry, seq)
  local copy = ARGV[2] .. entry[2][4]
  local state = state_of(copy, text(seq))
  if now < tonumber(entry[2][2]) + GRACE_MS then
    if state == 'WRITTEN' then return SENT end
    local unsettled = redis.call('ZSCORE', KEYS[4], ARGV[3])
    if unsettled and tonumber(unsettled) >= seq then return HINTED end
  end
  if is_open(state) then tell('expired', ARGV[3], seq, entry[2][4]) end
  if state == 'STORED' or state == 'WRITTEN' then
    redis.call('HSET', copy, 'state', 'EXPIRED')
    expired = expired + 1
  end
  redis.call('XDEL', KEYS[3], entry[1])
  return GONE
end

local found, size, upto, dropped, head = {}, 0, after, 0, nil
local sent = {} -- {seq, copy} of what goes to the link of the session
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
      local fate = now >= tonumber(entry[2][2]) and expire(entry, seq)
      if fate == GONE then
        dropped = dropped + 1
      else
        if fate ~= SENT then
          if #found == limit * 2 or #found > 0 and size + #message > bytes then return 1 end
          found[#found + 1] = seq
          found[#found + 1] = message
          size = size + #message
          upto = seq
          if not fate then
            head = head or seq
            sent[#sent + 1] = {seq, ARGV[2] .. entry[2][4]}
          end
        end
        stays(entry)
      end
      start = '(' .. entry[1]
    end
  until #entries < CHUNK
  return 0
end

-- include /io/longline/saver/inbox/may_write.lua
local more = read()
local pending = note_gone(ARGV[3], KEYS[2], KEYS[3], dropped)
if left == pending and away == 0 then -- all of it was read: that says when something will expire next
  if left == 0 then
    redis.call('HDEL', KEYS[2], 'soonest')
  else
    redis.call('HSET', KEYS[2], 'soonest', text(left_soonest))
  end
end
if begins and (head or boxed[1]) then
  local away_ms = count_load(head)
  if away_ms > 0 then return turned_away(away_ms, 0) end
end
if generation > 0 then
  for _, one in ipairs(sent) do
    if state_of(one[2], text(one[1])) == 'STORED' then
      redis.call('HSET', one[2], 'state', 'WRITTEN', 'w', stage(one[1], now, ARGV[9]))
    end
  end
end
if pending > 0 then redis.call('ZADD', tag .. ':inboxes', 'XX', text(now), ARGV[3]) end
if more == 0 then upto = math.max(upto, tonumber(boxed[1] or 0)) end
return {more, upto, pending, found, 0, 0, tonumber(acked), expired, unheard}
