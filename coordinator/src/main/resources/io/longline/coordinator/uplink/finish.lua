-- Entries have reached the back end: the stream forgets them.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, then seq and endpoint of each entry
-- Answer 1, or 0 where the lease is another's, and nothing was changed
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
for i = 4, #ARGV, 2 do
  if redis.call('XDEL', KEYS[2], ARGV[i] .. '-0') == 1 and redis.call('HINCRBY', KEYS[3], ARGV[i + 1], -1) <= 0 then
    redis.call('HDEL', KEYS[3], ARGV[i + 1])
  end
end
if redis.call('XLEN', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('SREM', KEYS[4], ARGV[3])
end
return 1
