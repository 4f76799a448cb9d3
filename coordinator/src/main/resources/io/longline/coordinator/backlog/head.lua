-- local function head_of(outbox, id): what comes back into a stream, in its order. "outbox" as leave.lua has it; "id" is what the ids of its
-- events begin with.
-- head.place(seq, values, counted): puts one behind those that are there; "counted": its endpoint's count has it.
-- head.close(): what is done when all are there.
--
-- It keeps its seq. Only where the stream has newer ones already, as Redis has lost that something was behind it, or a coordinator of an
-- earlier release did not know of it, it gets the next one, and keeps its id and its time: as what was a dead letter does. So it does where the
-- stream itself is lost: who reads it may be past its seq.
local function head_of(outbox, id)
  local groups = redis.call('HGETALL', outbox.groups)
  local last, count, bytes = 0, 0, 0
  if redis.call('EXISTS', outbox.stream) == 1 then
    local about = redis.call('XINFO', 'STREAM', outbox.stream)
    for i = 1, #about, 2 do
      if about[i] == 'last-generated-id' then last = tonumber(string.match(about[i + 1], '^%d+')) end
    end
  else
    last = tonumber(redis.call('HGET', outbox.waiting, '') or 0)
  end
  for i = 1, #groups, 2 do
    if not string.find(groups[i], '/', 1, true) then last = math.max(last, tonumber(groups[i + 1])) end
  end

  local function place(seq, values, counted)
    local own, fields = seq, {}
    for i = 1, #values, 2 do fields[values[i]] = values[i + 1] end
    if tonumber(seq) <= last then
      own = string.format('%.0f', last + 1)
      if not fields['e'] then
        for _, value in ipairs({'e', id .. seq, 'a', fields['t']}) do values[#values + 1] = value end
      end
    end
    redis.call('XADD', outbox.stream, own .. '-0', unpack(values))
    last = tonumber(own)
    count = count + 1
    bytes = bytes + #(fields['b'] or '')
    if not counted then redis.call('HINCRBY', outbox.waiting, fields['u'] .. '/' .. fields['d'], 1) end
  end

  local function close()
    if count == 0 then return end
    if tonumber(redis.call('HGET', outbox.waiting, '') or 0) < last then
      redis.call('HSET', outbox.waiting, '', string.format('%.0f', last))
    end
    redis.call('PERSIST', outbox.waiting)
    if bytes > 0 then redis.call('HINCRBY', outbox.waiting, 'bytes', bytes) end
    for i = 1, #groups, 2 do
      if string.find(groups[i], '/', 1, true) then redis.call('HINCRBY', outbox.groups, groups[i], count) end
    end
    redis.call('SADD', outbox.streams, outbox.name)
  end

  return {place = place, close = close}
end
