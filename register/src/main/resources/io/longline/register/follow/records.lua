-- Included by scripts that look at what is followed of a user's. Fields of that hash: "/TOPIC" is the user's own record, a back end's wish
-- for all devices; "DEVICE/TOPIC" that of a device, its client's wish. Each is "version state from noting":
--   version  the newer one of the two decides
--   state    "1": follows; "0": does not, though the user does; "-": says nothing (yet)
--   from     the offset after which it began
--   noting   over 0: the journal is being told, or may have been, under this version; the record is of before
local function record_of(entry)
  local version, state, from, noting = string.match(entry or '', '^(%d+) ([01%-]) (%d+) (%d+)$')
  if not version then return nil end
  return {version = tonumber(version), state = state, from = tonumber(from), noting = tonumber(noting)}
end

local function record(follows, field) return record_of(redis.call('HGET', follows, field)) end

local function write_record(follows, field, its)
  redis.call('HSET', follows, field, string.format('%.0f %s %.0f %.0f', its.version, its.state, its.from, its.noting))
end

-- All of a user's: {device, topic, field, record}, ...
local function all_records(follows)
  local found, entries = {}, redis.call('HGETALL', follows)
  for i = 1, #entries, 2 do
    local device, topic = string.match(entries[i], '^([^/]*)/(.+)$')
    found[#found + 1] = {device = device, topic = topic, field = entries[i], record = record_of(entries[i + 1])}
  end
  return found
end

-- Whether the user is found among who follows a topic: where a record of this topic says that it is followed.
local function index_follower(records, topic, followers, user)
  for _, each in ipairs(records) do
    if each.topic == topic and each.record and each.record.state == '1' then
      redis.call('ZADD', followers, 0, user)
      return
    end
  end
  redis.call('ZREM', followers, user)
end
