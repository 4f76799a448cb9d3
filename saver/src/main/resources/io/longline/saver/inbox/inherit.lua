-- Settles who gets what is stored for "default". The first device that is bound takes over what waits there and is the
-- heir from then on, until "default" is bound itself.
--
-- KEYS[1] mark    KEYS[2] user    KEYS[3] unsent
-- ARGV[1] run_id  ARGV[2] tag     ARGV[3] product/user    ARGV[4] device: who is bound
-- ARGV[5] version of the decision that the journal has made; then it is carried out where it is newer, and the device
--         may also be '' (the heir was forgotten). '' : a device was bound, and decides where nothing is decided yet.
-- Touches in the same slot: box, inbox, collapse and copies of both devices, moved and expiring.
--
-- Answers {heir, version, journaled, gone, fresh, held}: who is the heir now, since which number of the user's counter,
-- 1 if that is in the journal. gone: seqs under which a message of "default" lives no longer; held: seqs taken over as
-- they are; fresh: for each that was taken over {seq, expires_at_ms, message id, message}, flat, also for those of held,
-- whose rows may come to the journal only later, and still in the name of "default". All are answered until kept.lua says
-- that the journal has them, and until then no bind of "default" makes another decision. Or {'AWAY'}: messages of "default"
-- or of the device that is to take them over are in MySQL alone, and nothing was changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local USER_KEPT_MS = 10368000000
local tag, owner, device, version = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
-- include /io/longline/saver/inbox/weigh.lua

local function key(kind, of) return tag .. ':' .. kind .. ':' .. owner .. '/' .. of end

local known = redis.call('HMGET', KEYS[2], 'seq', 'heir', 'heir_at', 'heir_kept')
local counter, heir, heir_at = tonumber(known[1] or 0), known[2], tonumber(known[3] or 0)
local kept = known[4] == known[3]
local decided = heir and (heir == 'default' or device ~= 'default' or not kept)
local moved = tag .. ':moved:' .. owner

-- What the journal does not have yet of take-overs.
local function owed(holder)
  local gone, fresh, held = {}, {}, {}
  local fields = redis.call('HGETALL', moved)
  for i = 1, #fields, 2 do
    local seq = fields[i + 1]
    if seq == fields[i] then held[#held + 1] = tonumber(seq) else gone[#gone + 1] = tonumber(fields[i]) end
    local entry = seq ~= '' and redis.call('XRANGE', key('inbox', holder), seq, seq)[1]
    if entry then
      for _, value in ipairs({tonumber(seq), entry[2][2], entry[2][4], entry[2][6]}) do fresh[#fresh + 1] = value end
    end
  end
  return gone, fresh, held
end

if version and version <= heir_at or not version and decided then
  if kept then return {heir or '', heir_at, 1, {}, {}, {}} end
  local gone, fresh, held = owed(heir or '')
  return {heir or '', heir_at, 0, gone, fresh, held}
end

-- The journal's own decision is carried out all the same: who holds what is away is seen when it comes back.
if not version and device ~= 'default' then
  local of_default = redis.call('HEXISTS', key('box', 'default'), 'away') == 1
  local of_device = redis.call('HEXISTS', key('box', device), 'away') == 1
  if of_default or of_device and redis.call('EXISTS', key('inbox', 'default')) == 1 then return {'AWAY'} end
end

local function next_seq()
  counter = math.max(counter + 1, now_ms() * 1024)
  return counter
end

local function entries_of(inbox, upto)
  local entries = {}
  for _, entry in ipairs(redis.call('XRANGE', inbox, '-', upto)) do
    entries[#entries + 1] = {
      seq = tonumber(string.match(entry[1], '^%d+')), expires = entry[2][2], id = entry[2][4], message = entry[2][6],
      collapse_key = entry[2][8]
    }
  end
  return entries
end

-- A stream takes nothing below its top, so it is written anew.
local function rewrite(inbox, box, entries)
  table.sort(entries, function(a, b) return a.seq < b.seq end)
  redis.call('DEL', inbox)
  local soonest, latest, bytes = math.huge, 0, NODE_BYTES
  for _, entry in ipairs(entries) do
    bytes = bytes + weight(entry.id, entry.message, entry.collapse_key)
    local fields = {'e', entry.expires, 'i', entry.id, 'm', entry.message}
    if entry.collapse_key then
      fields[7], fields[8] = 'k', entry.collapse_key
    end
    redis.call('XADD', inbox, text(entry.seq) .. '-0', unpack(fields))
    soonest = math.min(soonest, tonumber(entry.expires))
    latest = math.max(latest, tonumber(entry.expires))
  end
  local now = now_ms()
  local ends = text(math.max(latest, now) + 60000)
  redis.call('PEXPIREAT', inbox, ends)
  -- In order of their seqs, so that of several with one key the newest stays.
  local collapse = key('collapse', device)
  for _, entry in ipairs(entries) do
    if entry.collapse_key then redis.call('HSET', collapse, entry.collapse_key, text(entry.seq)) end
  end
  redis.call('PEXPIREAT', collapse, ends)
  local known = redis.call('HMGET', box, 'last', 'bytes')
  local last = math.max(tonumber(known[1] or 0), entries[#entries].seq)
  redis.call('HSET', box, 'last', text(last), 'soonest', text(soonest))
  redis.call('PEXPIRE', box, USER_KEPT_MS)
  note_bytes(box, tonumber(known[2] or 0), bytes)
  redis.call('ZADD', tag .. ':inboxes', text(now), owner .. '/' .. device)
end

-- A copy goes with its message and leaves word where it went. What was noted of it counts from its seq. That it was taken
-- over, and when, is for whoever forgets the device as it was before that: its seq is older than the take-over.
local function move_copy(id, seq)
  local from, to = key('copy', 'default/' .. id), key('copy', device .. '/' .. id)
  if redis.call('EXISTS', from) == 0 then return end
  if seq then
    redis.call('RENAME', from, to)
    if redis.call('HGET', to, 'seq') ~= text(seq) then redis.call('HDEL', to, 'r', 'w') end
    redis.call('HSET', to, 'seq', text(seq), 'taken', text(version))
  else
    redis.call('DEL', from)
  end
  redis.call('HSET', from, 'to', device)
  redis.call('PEXPIRE', from, redis.call('PTTL', to))
end

local function note_moved(from, to)
  redis.call('HSET', moved, text(from), to and text(to) or '')
  redis.call('PEXPIRE', moved, USER_KEPT_MS)
end

-- One that was dropped when the device was forgotten belongs to its former life: what came since is for who is bound now.
local function has_a_copy(id)
  local copy = redis.call('HMGET', key('copy', device .. '/' .. id), 'state', 'reason')
  return copy[1] and not (copy[1] == 'DROPPED' and copy[2] == 'forgotten')
end

local function take_over(below)
  local from, into, box = key('inbox', 'default'), key('inbox', device), key('box', device)
  local waiting = entries_of(from, '(' .. text(below) .. '-0')
  if #waiting == 0 then return end
  local acked = tonumber(redis.call('HGET', box, 'acked') or 0)
  local entries = entries_of(into, '+')
  for _, entry in ipairs(waiting) do
    if has_a_copy(entry.id) then
      note_moved(entry.seq, nil)
      move_copy(entry.id, nil)
    else
      local from = entry.seq
      if from <= acked then entry.seq = next_seq() end -- the device has acknowledged beyond it without having seen it
      note_moved(from, entry.seq)
      move_copy(entry.id, entry.seq)
      entries[#entries + 1] = entry
    end
  end
  redis.call('XTRIM', from, 'MINID', text(below))
  note_gone(owner .. '/default', key('box', 'default'), from, #waiting)
  if #entries > 0 then rewrite(into, box, entries) end
  if redis.call('ZREM', KEYS[3], owner .. '/default') == 1 and #entries > 0 then
    redis.call('ZADD', KEYS[3], 'GT', text(entries[#entries].seq), owner .. '/' .. device)
  end
  local expires = redis.call('ZSCORE', tag .. ':expiring', owner .. '/default')
  if expires then
    redis.call('ZREM', tag .. ':expiring', owner .. '/default')
    redis.call('ZADD', tag .. ':expiring', 'LT', expires, owner .. '/' .. device)
  end
end

local of_journal = version ~= nil
if of_journal then
  redis.call('DEL', moved) -- of decisions before this one
else
  version = next_seq()
end
if device ~= 'default' and device ~= '' then take_over(version) end
-- The journal has its own decision, but not what got another seq when it was carried out here.
local journaled = of_journal and redis.call('EXISTS', moved) == 0 and 1 or 0
redis.call('HSET', KEYS[2], 'seq', text(math.max(counter, version)), 'heir', device, 'heir_at', text(version))
if device == '' then redis.call('HDEL', KEYS[2], 'heir') end
if journaled == 1 then redis.call('HSET', KEYS[2], 'heir_kept', text(version)) end
redis.call('PEXPIRE', KEYS[2], USER_KEPT_MS)
local gone, fresh, held = owed(device)
return {device, version, journaled, gone, fresh, held}
