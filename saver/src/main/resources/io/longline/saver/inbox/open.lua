-- Begins to read an inbox for a session in one step, which is all that most need: those that have finished with nothing that is
-- not acknowledged yet, of a user of whom it is settled, and in the journal, who gets what is stored for "default".
--
-- KEYS[1] to KEYS[4] and ARGV[1] to ARGV[10] as for load.lua   KEYS[5] user
-- ARGV[11] the seq that the client has finished with           ARGV[12] device
--
-- Answers as load.lua does, or {'UNSETTLED'}: ack.lua and inherit.lua come first, and nothing was changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end

local heir = redis.call('HMGET', KEYS[5], 'heir', 'heir_at', 'heir_kept')
local is_settled = heir[1] and heir[2] == heir[3] and (heir[1] == 'default' or ARGV[12] ~= 'default')
local marks = redis.call('HMGET', KEYS[2], 'last', 'acked')
local finished = math.min(tonumber(ARGV[11]), tonumber(marks[1] or 0))
if not is_settled or finished > tonumber(marks[2] or 0) then return {'UNSETTLED'} end

-- include /io/longline/saver/inbox/load.lua
