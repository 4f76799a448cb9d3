-- Entries of an event stream are done: nobody is given them again, and the stream forgets them.
--
-- KEYS   1 events
-- ARGV   1 run_id (of no use here), 2 group, then the entries' ids
-- Answer how many were pending
--
-- One script, because an entry that is acknowledged but not deleted would stay for ever, and one that is deleted but not
-- acknowledged would be claimed for ever.
local ids = {}
for i = 3, #ARGV do ids[#ids + 1] = ARGV[i] end
local pending = redis.call('XACK', KEYS[1], ARGV[2], unpack(ids))
redis.call('XDEL', KEYS[1], unpack(ids))
return pending
