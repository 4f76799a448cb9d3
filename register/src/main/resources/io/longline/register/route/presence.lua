-- Included by scripts that change who has a route: notes what is to be told of it, once it has been so for the product's debounce.
-- A mark says only that an endpoint ("user/device"), or a user ("user/"), is to be looked at: what is told is what is so by then. So there is at
-- most one of each, and no change is ever refused. Keys, behind what those of presence begin with (keeper's PresenceKeys):
--   due:PRODUCT      since when it has been online, or offline
--   changed:PRODUCT  "generation reason renewed changes": of the session that began or ended last, and why; renewed 1: it was bound anew while it had a
--                    route; how often it came or went
--   told:PRODUCT     who is online by what was told last

local function note_presence(presence, product, name, generation, reason, renewed)
  local changed = presence .. 'changed:' .. product
  local was, changes = string.match(redis.call('HGET', changed, name) or '', '([01]) (%d+)$')
  changes = tonumber(changes or 0) + (renewed and 0 or 1)
  local is_renewed = (renewed or was == '1') and '1' or '0'
  redis.call('HSET', changed, name, generation .. ' ' .. reason .. ' ' .. is_renewed .. ' ' .. changes)

  local time = redis.call('TIME')
  local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  if renewed then
    redis.call('ZADD', presence .. 'due:' .. product, 'NX', now, name)
  else
    redis.call('ZADD', presence .. 'due:' .. product, now, name)
  end
  if not was then redis.call('SADD', presence .. 'products', product) end
end

-- A session has a route. per: "device" or "user", or "": nobody wants to know. first: the user had none. renewed: the endpoint had one.
local function came(presence, per, product, user, device, generation, first, renewed)
  if per == 'device' then
    note_presence(presence, product, user .. '/' .. device, generation, 'bound', renewed)
  elseif per == 'user' and first then
    note_presence(presence, product, user .. '/', generation, 'bound', false)
  end
end

-- It has none any more; last: nor has any other of the user. Whom nobody was told of, nor will be, is none to tell of now, so scripts that
-- take routes of many products away need not know which of these want to know.
local function went(presence, product, user, device, generation, reason, last)
  local told, changed = presence .. 'told:' .. product, presence .. 'changed:' .. product
  local function note(name)
    if redis.call('HEXISTS', told, name) == 1 or redis.call('HEXISTS', changed, name) == 1 then
      note_presence(presence, product, name, generation, reason, false)
    end
  end
  note(user .. '/' .. device)
  if last then note(user .. '/') end
end
