-- local function enter(outbox, groups, endpoint, most, entry): append.lua's append, of a stream that groups may read.
--
-- outbox  as there, with the key "groups"
-- groups  what HGETALL answers of it: each group knows how many it was not given yet, and the last seq that it was
-- Answer  as there
--
-- What goes into the tail no group can be given yet: it is counted when it comes into the stream.
-- The next seq must be greater than the last that a group was given, however long ago that was.
-- include /io/longline/keeper/outbox/append.lua
local function enter(outbox, groups, endpoint, most, entry)
  if #groups > 0 and redis.call('HEXISTS', outbox.waiting, '') == 0 then
    local given = 0
    for i = 1, #groups, 2 do
      if not string.find(groups[i], '/', 1, true) then given = math.max(given, tonumber(groups[i + 1])) end
    end
    redis.call('HSET', outbox.waiting, '', string.format('%.0f', given))
  end
  local seq, behind = append(outbox, endpoint, most, entry)
  if not seq or behind then return seq, behind end
  for i = 1, #groups, 2 do
    if string.find(groups[i], '/', 1, true) then redis.call('HINCRBY', outbox.groups, groups[i], 1) end
  end
  return seq
end
