-- local function append(outbox, endpoint, most, entry): puts an event behind those that wait for a back end.
--
-- outbox    the keys "stream", "waiting", "streams", and "name", the stream's among the streams (keeper's OutboxKeys says how they are called)
-- endpoint  "user/device": its events are told in their order
-- most      how much may wait: "endpoint" and "stream" events, "bytes" of payload; "short": no backlog begins here
-- entry     names and values, a payload last: "u" user, "d" device, "g" generation, and what else the kind has; "t", the time in ms, is added
-- Answer    its seq and whether it is behind, in the tail; or nil and endpoint_full | stream_full, and nothing was changed
-- Touches in the same slot: the tail and the backlog of the stream, and which streams have one.
--
-- The seq is greater than every one before it in the stream, and led by the clock.
-- Among how many wait of each endpoint stands, under a name that none has, how many bytes wait in the stream. Where none do, anything is
-- taken: what is larger than may wait would else never be.
-- Half of what may wait does so in the stream, where back ends are given it. What comes then goes into the tail, and so does all that comes
-- as long as anything is behind the stream: from there the coordinator moves it to MySQL, or into the stream when that has room.
local function append(outbox, endpoint, most, entry)
  if tonumber(redis.call('HGET', outbox.waiting, endpoint) or 0) >= most.endpoint then return nil, 'endpoint_full' end
  local tail, backlog = outbox.stream .. '/tail', outbox.stream .. '/backlog'
  local behind = redis.call('EXISTS', backlog) == 1
  local size = entry[#entry - 1] == 'b' and #entry[#entry] or 0
  local count = redis.call('XLEN', outbox.stream)
  local bytes = tonumber(redis.call('HGET', outbox.waiting, 'bytes') or 0)
  if not behind and not most.short and (count * 2 >= most.stream or bytes > 0 and (bytes + size) * 2 > most.bytes) then behind = true end
  if behind then
    count = count + redis.call('XLEN', tail)
    bytes = bytes + tonumber(redis.call('HGET', backlog, 'tail') or 0)
  end
  if count >= most.stream then return nil, 'stream_full' end
  if bytes > 0 and bytes + size > most.bytes then return nil, 'stream_full' end

  local time = redis.call('TIME')
  local ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local last = tonumber(redis.call('HGET', outbox.waiting, '') or 0)
  local seq = string.format('%.0f', math.max(last + 1, ms * 1024))
  redis.call('XADD', behind and tail or outbox.stream, seq .. '-0', 't', string.format('%.0f', ms), unpack(entry))
  redis.call('HSET', outbox.waiting, '', seq)
  redis.call('PERSIST', outbox.waiting)
  redis.call('HINCRBY', outbox.waiting, endpoint, 1)
  if behind then
    redis.call('HINCRBY', backlog, 'tail', size)
    redis.call('SADD', outbox.streams .. '/behind', outbox.name)
  else
    if size > 0 then redis.call('HINCRBY', outbox.waiting, 'bytes', size) end
    redis.call('SADD', outbox.streams, outbox.name)
  end
  return seq, behind
end
