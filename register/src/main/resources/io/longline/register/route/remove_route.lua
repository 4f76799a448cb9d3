-- Included by scripts that take one route away, with what knows of it. Answers whether it was the last of the user.

local function remove_route(routes, device, index, member, online, user)
  redis.call('HDEL', routes, device)
  redis.call('SREM', index, member)
  if redis.call('EXISTS', routes) == 1 then return false end
  redis.call('ZREM', online, user)
  return true
end
