-- Included by scripts that bring copies to their end: a product with a callback for that is told. An end never fails for it: an event
-- that finds no room is not told, and counted.
-- Needs the locals "tag" and "events": '' where nobody is told, else "E/S", how many may wait of an endpoint and in all of the shard.

-- include /io/longline/keeper/outbox/append.lua

local unheard = 0 -- events that found no room

-- The message with this seq has ended at an endpoint, P/U/D, or at none of a user's, P/U/; seq 0: it never was in an inbox: "acked", "expired" or "dropped", perhaps with a reason. Where the generation of
-- the session is not known it is that of the newest one that has read the inbox.
local function tell(how, endpoint, seq, id, reason, generation)
  if events == '' then return end
  local product, user, device = string.match(endpoint, '^([^/]+)/([^/]+)/([^/]*)$')
  local of_endpoint, of_shard = string.match(events, '^(%d+)/(%d+)$')
  local name = product .. '/message'
  if not generation or generation == '0' then
    local loads = redis.call('HGET', tag .. ':box:' .. endpoint, 'loads')
    generation = loads and string.match(loads, '^%d+') or '0'
  end
  local entry = {
    'u', user, 'd', device, 'g', generation, 'y', 'message.' .. how, 'm', id, 's', string.format('%.0f', seq)
  }
  if reason and reason ~= '' then
    entry[#entry + 1] = 'r'
    entry[#entry + 1] = reason
  end
  local outbox = {
    stream = tag .. ':outbox:stream:' .. name, waiting = tag .. ':outbox:waiting:' .. name, streams = tag .. ':outbox:streams',
    name = name
  }
  local most = {endpoint = tonumber(of_endpoint), stream = tonumber(of_shard), bytes = 0}
  if not append(outbox, user .. '/' .. device, most, entry) then unheard = unheard + 1 end
end

-- Whether a message that leaves its inbox ends by that; no state: what was known of its copy is gone after a day.
local function is_open(state) return not state or state == 'STORED' or state == 'WRITTEN' end
