-- local function append(outbox, endpoint, most, entry): puts an event behind those that wait for a back end.
--
-- outbox    the keys "stream", "waiting", "streams", and "name", the stream's among the streams (keeper's OutboxKeys says how they are called)
-- endpoint  "user/device": its events are told in their order
-- most      how much may wait: "endpoint" and "stream" events, "bytes" of payload
-- entry     names and values, a payload last: "u" user, "d" device, "g" generation, and what else the kind has; "t", the time in ms, is added
-- Answer    its seq, or nil and endpoint_full | stream_full, and nothing was changed
--
-- The seq is greater than every one before it in the stream, and led by the clock.
-- Among how many wait of each endpoint stands, under a name that none has, how many bytes wait. Where none do, anything is taken: what is
-- larger than may wait would else never be.
local function append(outbox, endpoint, most, entry)
  if tonumber(redis.call('HGET', outbox.waiting, endpoint) or 0) >= most.endpoint then return nil, 'endpoint_full' end
  if redis.call('XLEN', outbox.stream) >= most.stream then return nil, 'stream_full' end
  local size = entry[#entry - 1] == 'b' and #entry[#entry] or 0
  local bytes = tonumber(redis.call('HGET', outbox.waiting, 'bytes') or 0)
  if bytes > 0 and bytes + size > most.bytes then return nil, 'stream_full' end

  local time = redis.call('TIME')
  local ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local last = tonumber(redis.call('HGET', outbox.waiting, '') or 0)
  local seq = string.format('%.0f', math.max(last + 1, ms * 1024))
  redis.call('XADD', outbox.stream, seq .. '-0', 't', string.format('%.0f', ms), unpack(entry))
  redis.call('HSET', outbox.waiting, '', seq)
  redis.call('PERSIST', outbox.waiting)
  redis.call('HINCRBY', outbox.waiting, endpoint, 1)
  if size > 0 then redis.call('HINCRBY', outbox.waiting, 'bytes', size) end
  redis.call('SADD', outbox.streams, outbox.name)
  return seq
end
