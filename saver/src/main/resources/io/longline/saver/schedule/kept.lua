-- Included by scripts that put messages into the schedule of a shard or take them out. "schedule" has them by when they are due
-- next; what is to be sent is a hash of its own. The record of a kept one has "scheduled" and "targets" and does not expire.

local function text(number) return string.format('%.0f', number) end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local RECORD_KEPT_MS = 86400000
local KEPT_BYTES, RECORD_BYTES, HOUR_MS = 900, 230, 3600000 -- what each takes but for names and contents

local function note_kept(sign, name, targets, push)
  local used = string.match(KEYS[1], '^{%w+}') .. ':used'
  redis.call('HINCRBY', used, 'schedule', text(sign * (KEPT_BYTES + 3 * #name + #targets + #push)))
end

local function keep(record, schedule, kept, name, hash, at, send_at, targets, push)
  if hash ~= '' then redis.call('HSET', record, 'hash', hash) end
  redis.call('HSET', record, 'at', at, 'scheduled', send_at, 'targets', targets, 'later', '1')
  redis.call('PERSIST', record)
  redis.call('HSET', kept, 'send_at', send_at, 'push', push)
  redis.call('ZADD', schedule, send_at, name)
  note_kept(1, name, targets, push)
end

-- Its record is one like those of other messages from then on.
local function keep_no_more(record, schedule, kept, name, now)
  local targets = redis.call('HGET', record, 'targets') or ''
  note_kept(-1, name, targets, redis.call('HGET', kept, 'push') or '')
  redis.call('DEL', kept)
  redis.call('ZREM', schedule, name)
  redis.call('HDEL', record, 'scheduled')
  redis.call('HSETNX', record, 'recorded', '1')
  redis.call('PEXPIRE', record, RECORD_KEPT_MS)
  local used = string.match(KEYS[1], '^{%w+}') .. ':used'
  redis.call('HINCRBY', used, 'record:' .. text(math.floor(now / HOUR_MS)), RECORD_BYTES + #record + #targets)
end
