-- Included by scripts that look at a device of a user's. Each is "seen generation known born network":
--   seen        when it was bound or unbound last, in ms
--   generation  of the bind that had it last, or under which it is being forgotten
--   known       0: the journal may not have it yet, 1: it is known, 2: it is being forgotten
--   born        a number as generations are, of when it bound for the first time; 0, or not there: nobody knows. A device that was
--               forgotten is born anew. What was published before is not for it
--   network     as its client said, of any form
-- An earlier release has written entries without "born".

-- born and network, of an entry or of what stands in one behind "known".
local function born_and_network(rest)
  local born, network = string.match(rest, '^(%d+) (.*)$')
  return born or '0', network or rest
end

local function born_of(entry)
  local rest = string.match(entry or '', '^%d+ %d+ [01] (.*)$')
  return rest and (born_and_network(rest)) or '0'
end
