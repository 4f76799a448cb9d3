-- The topics that an endpoint follows, and since when it is there to follow any.
--
-- KEYS   1 mark, 2 the user's devices, 3 what is followed of the user's
-- ARGV   1 run_id, 2 device, 3 "1": what was left on its way to the journal may stay so, else "0"
-- Answer {"LEFT"}: something of its topics was left on its way to the journal; settle.lua first, then ask again
--        {when the device was born, "0": nobody knows, topic, the offset after which it began, "1": a back end wants it so, else "0", topic, ...}
--        error SHARD_LOST: there may be more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('SHARD_LOST') end
-- include /io/longline/register/route/known_device.lua
-- include /io/longline/register/follow/followed.lua

local records = all_records(KEYS[3])
if ARGV[3] ~= '1' and is_left(records, ARGV[2]) then return {'LEFT'} end

local answer = followed(records, ARGV[2])
table.insert(answer, 1, born_of(redis.call('HGET', KEYS[2], ARGV[2])))
return answer
