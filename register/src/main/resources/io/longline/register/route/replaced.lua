-- Included by scripts that give a route to a newer session: has the coordinator end the older one. Of that: product, user, device, room,
-- incarnation, session "loop slot slot_generation", generation. why: "forgotten" where its device was, under the new generation; with a
-- reason: it was kicked.
-- Answers false where the stream is full: nobody is told.
local function tell_replaced(events, most_events, older, new_generation, why, reason)
  if redis.call('XLEN', events) >= most_events then return false end
  local loop, slot, slot_generation = string.match(older.session, '^(%S+) (%S+) (%S+)$')
  local event = {'type', why or 'replaced',
    'product', older.product, 'user', older.user, 'device', older.device,
    'room', older.room, 'incarnation', older.incarnation,
    'loop', loop, 'slot', slot, 'slot_generation', slot_generation,
    'generation', older.generation, 'new_generation', new_generation}
  if reason then
    event[#event + 1] = 'reason'
    event[#event + 1] = reason
  end
  redis.call('XADD', events, '*', unpack(event))
  return true
end
