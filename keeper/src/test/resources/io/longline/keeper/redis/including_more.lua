-- Includes what includes.
-- include /io/longline/keeper/redis/including.lua
return 'after all'
