-- Included by scripts that claim, write or give up records. One whose id nobody claimed refuses nothing: it only tells what became of its
-- message. Such records are counted as "explain:HOUR" and stand, in the order in which they were made, in the list of that name.

local RECORD_BYTES, TARGET_BYTES, HOUR_MS = 230, 62, 3600000 -- what each takes but for its name
local ENTRY_BYTES = 8 -- of the list, likewise

local function text(number) return string.format('%.0f', number) end

local function hour_of(ms) return text(math.floor(ms / HOUR_MS)) end

-- Without the tag of its shard.
local function name_of(record) return string.match(record, '^{%w+}:msg:(.*)$') end
