-- Says what another one says, and something of its own.
-- include /io/longline/keeper/redis/marked_set.lua
return 'after it'
