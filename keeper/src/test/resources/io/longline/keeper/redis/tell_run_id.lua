-- ARGV: run_id. Returns it with that of the Redis this runs in.
local here = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
return {ARGV[1], here}
