-- The oldest of a tail are in MySQL: the tail forgets them.
--
-- KEYS   1 lease, 2 stream
-- ARGV   1 run_id (of no use here), 2 fencing number, then seqs
-- Touches in the same slot: the tail of the stream, and its backlog.
-- Answer how many are in MySQL now and were not before, or -1 where the lease is another's, and nothing was changed
--
-- What has come back already, as it was written before and nobody knew, is only forgotten.
-- Where Redis has no memory left this goes on, see hold.lua.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
redis.call('HDEL', KEYS[1], '')
local tail, backlog = KEYS[2] .. '/tail', KEYS[2] .. '/backlog'
local back = tonumber(redis.call('HGET', backlog, 'back') or 0)
local moved, bytes, first = 0, 0, nil
for i = 3, #ARGV do
  local found = redis.call('XRANGE', tail, ARGV[i] .. '-0', ARGV[i] .. '-0')
  if #found == 1 then
    for k = 1, #found[1][2], 2 do
      if found[1][2][k] == 'b' then bytes = bytes + #found[1][2][k + 1] end
    end
    redis.call('XDEL', tail, found[1][1])
    if tonumber(ARGV[i]) > back then
      moved = moved + 1
      first = first or ARGV[i]
    end
  end
end
redis.call('HINCRBY', backlog, 'tail', string.format('%d', -bytes))
if moved > 0 and redis.call('HINCRBY', backlog, 'rows', moved) == moved then redis.call('HSET', backlog, 'oldest', first) end
return moved
