-- Included before the first write of scripts that free memory. Where Redis has none left it refuses what may take some, but only as the
-- first write of a script: so this is one that takes none. There is no such key.
-- Needs the local "tag".

redis.call('DEL', tag .. ':nothing')
