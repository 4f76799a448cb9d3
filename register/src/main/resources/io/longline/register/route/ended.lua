-- Included by scripts that end a life of a device that nobody knows any more. Its generation is remembered for a day: whoever had the device
-- until then does not have it again, however late its room comes back.

local ENDED_KEPT_MS = 86400000 -- as long as an incarnation is known to be dead

local function ended_at(ended, device) return tonumber(redis.call('HGET', ended, device) or 0) end

local function has_ended(ended, device, generation)
  if tonumber(generation) <= ended_at(ended, device) then return end
  redis.call('HSET', ended, device, string.format('%.0f', tonumber(generation)))
  redis.call('PEXPIRE', ended, ENDED_KEPT_MS)
end
