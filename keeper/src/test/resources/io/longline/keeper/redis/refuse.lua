-- ARGV: run_id, the error.
return redis.error_reply(ARGV[2])
