-- A group reads a stream from now on, from the oldest entry that is there.
--
-- KEYS   1 groups, 2 stream
-- ARGV   1 run_id (of no use here), 2 group
-- Answer 1, or 0 where it did already
--
-- Under its name stands the last seq that it was given, and under its name and a slash how many it was not given yet; ids have no slash.
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], '0', ARGV[2] .. '/', redis.call('XLEN', KEYS[2]))
return 1
