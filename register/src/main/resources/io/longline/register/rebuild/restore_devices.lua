-- Devices that the journal knows, into a shard that this rebuild has claimed. What is there is left as it is.
--
-- KEYS   1 mark, 2 generation, 3 what the keys of devices begin with
-- ARGV   1 run_id, 2 fencing number of the claim, then for each device: 3 "product/user", 4 device, 5 generation, 6 seen
-- Answer how many were missing
--        error SHARD_LOST: the claim does not stand (any more), nothing was changed
if redis.call('GET', KEYS[1]) ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end

local highest, restored = tonumber(redis.call('GET', KEYS[2]) or 0), 0
for i = 3, #ARGV, 4 do
  local key, device, generation, seen = KEYS[3] .. ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  highest = math.max(highest, tonumber(generation))
  local entry = redis.call('HGET', key, device)
  if not entry or string.match(entry, '^%d+ %d+ 0 ') then
    -- Generation 0: no session of it was seen in this Redis yet, so restore_routes.lua takes any.
    redis.call('HSET', key, device, seen .. ' 0 1 ')
    restored = restored + 1
  end
end
redis.call('SET', KEYS[2], string.format('%.0f', highest))
return restored
