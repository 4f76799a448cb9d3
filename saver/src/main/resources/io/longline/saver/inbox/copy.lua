-- Included by scripts that look from a message to its copy. An id may be used again after 24 h, while its older message still waits: then
-- the copy is of the newer one, and the older one has none any more.

local REUSED_AFTER = 86400000 * 1024 -- in seqs

-- The state of the copy if it is of the message with this seq, a text, and another field of it; otherwise nothing.
local function state_of(copy, seq, field)
  local known = redis.call('HMGET', copy, 'seq', 'state', field or 'state')
  if known[1] == seq then return known[2], known[3] end
end

-- Whether a copy with this seq is of another message than the one of the same id that was stored with an older seq.
local function is_of_newer(copy_seq, seq)
  return copy_seq and tonumber(copy_seq) - tonumber(seq) >= REUSED_AFTER
end
