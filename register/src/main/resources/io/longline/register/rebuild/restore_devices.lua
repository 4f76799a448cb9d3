-- Devices that the journal knows, into a shard that this rebuild has claimed. What is there is left as it is, but for what is older
-- than the journal: a Redis that was rolled back has it, and the device was forgotten and became known anew since.
--
-- KEYS   1 mark, 2 generation, 3 what the keys of devices begin with
-- ARGV   1 run_id, 2 fencing number of the claim, then for each device: 3 "product/user", 4 device, 5 generation, 6 seen
-- Answer how many were missing or older
--        error SHARD_LOST: the claim does not stand (any more), nothing was changed
if redis.call('GET', KEYS[1]) ~= 'rebuilding ' .. ARGV[1] .. ' ' .. ARGV[2] then
  return redis.error_reply('SHARD_LOST')
end

local highest, restored = tonumber(redis.call('GET', KEYS[2]) or 0), 0
for i = 3, #ARGV, 4 do
  local key, device, generation, seen = KEYS[3] .. ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  highest = math.max(highest, tonumber(generation))
  local entry = redis.call('HGET', key, device)
  local last, known
  if entry then last, known = string.match(entry, '^%d+ (%d+) ([012]) ') end
  if not entry or known == '0' or tonumber(last) < tonumber(generation) - 1 then
    -- Its sessions have the generation that the journal was told, or higher ones: restore_routes.lua takes any of them, and who
    -- had the device before gives nothing back any more.
    redis.call('HSET', key, device, seen .. ' ' .. string.format('%.0f', generation - 1) .. ' 1 ')
    restored = restored + 1
  end
end
redis.call('SET', KEYS[2], string.format('%.0f', highest))
return restored
