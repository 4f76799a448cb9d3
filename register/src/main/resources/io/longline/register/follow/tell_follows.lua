-- Included by scripts that change what is followed of a user's: has the coordinator tell the room of a session. Of that: product, user,
-- device, and route, as in locate.lua. There has to be room in the stream.
local function tell_follows(events, product, user, device, route, new_generation)
  local room, incarnation, loop, slot, slot_generation, generation =
    string.match(route, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%d+) %d+$')
  redis.call('XADD', events, '*', 'type', 'follows',
    'product', product, 'user', user, 'device', device,
    'room', room, 'incarnation', incarnation,
    'loop', loop, 'slot', slot, 'slot_generation', slot_generation,
    'generation', generation, 'new_generation', new_generation)
end
