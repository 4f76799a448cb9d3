-- Included by scripts that look at who was kicked. Of a user's, by device, or "": all of them, each is "until generation reason":
--   until       up to when none may be bound, in ms; 0: it may at once
--   generation  whose sessions had ended by then: those with a lower one
--   reason      what their clients are told
-- Of "/" and a device: what was done for a job, "0 generation job sessions".
-- Kept a day, as whoever binds a session anew may come late, or until a longer block is over.

local KICK_KEPT_MS = 86400000
local MOST_KICKS = 1000 -- of a user's devices

local function kick_of(entry)
  local until_ms, generation, reason = string.match(entry or '', '^(%d+) (%d+) (.*)$')
  if not until_ms then return nil end
  return {until_ms = tonumber(until_ms), generation = tonumber(generation), reason = reason}
end

-- Of all that concern a device the one for which the order puts first.
local function first_kick(kicks, device, before)
  local first
  for _, entry in ipairs(redis.call('HMGET', kicks, '', device)) do
    local kick = kick_of(entry)
    if kick and (not first or before(kick, first)) then first = kick end
  end
  return first
end

-- What keeps it from being bound for the longest time, or nil.
local function block_of(kicks, device, ms)
  local kick = first_kick(kicks, device, function(a, b) return a.until_ms > b.until_ms end)
  return kick and kick.until_ms > ms and kick or nil
end

-- What ended the session of this generation, or nil.
local function kick_since(kicks, device, generation)
  local kick = first_kick(kicks, device, function(a, b) return a.generation > b.generation end)
  return kick and kick.generation > generation and kick or nil
end
