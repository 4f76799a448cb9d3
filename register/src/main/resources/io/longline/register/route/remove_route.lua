-- Included by scripts that take one route away, with what knows of it.

local function remove_route(routes, device, index, member, online, user)
  redis.call('HDEL', routes, device)
  redis.call('SREM', index, member)
  if redis.call('EXISTS', routes) == 0 then redis.call('ZREM', online, user) end
end
