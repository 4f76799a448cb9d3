-- Entries have reached the back end: the stream forgets them.
--
-- KEYS   1 lease, 2 stream, 3 waiting, 4 streams
-- ARGV   1 run_id (of no use here), 2 fencing number, 3 the stream's name among the streams, then seq, endpoint and bytes of payload of
--        each entry
-- Answer 1, or 0 where the lease is another's, and nothing was changed
--
-- Of a stream that is empty the last seq is known for a day: the next one must be greater also within the same millisecond, and where the
-- clock has gone back, or its id would be an earlier one's and readers that are past it would never see it.
-- Bytes are never below 0: what releases before kept was not counted.
-- Where Redis has no memory left this goes on: its first write is one that takes none.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
for i = 4, #ARGV, 3 do
  if redis.call('XDEL', KEYS[2], ARGV[i] .. '-0') == 1 then
    if redis.call('HINCRBY', KEYS[3], ARGV[i + 1], -1) <= 0 then redis.call('HDEL', KEYS[3], ARGV[i + 1]) end
    -- Not of an empty one: Redis does not know -0.
    if ARGV[i + 2] ~= '0' and redis.call('HINCRBY', KEYS[3], 'bytes', -ARGV[i + 2]) <= 0 then redis.call('HDEL', KEYS[3], 'bytes') end
  end
end
if redis.call('XLEN', KEYS[2]) == 0 then
  local last = redis.call('HGET', KEYS[3], '')
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('SREM', KEYS[4], ARGV[3])
  if last then
    redis.call('HSET', KEYS[3], '', last)
    redis.call('PEXPIRE', KEYS[3], 86400000)
  end
end
return 1
