-- Included by scripts that note a stage of a copy: by how many ms it came after the copy was stored, which its seq tells;
-- '+' and for how many ms the room had it then, where that is known; and the node, behind a '/'. So it takes few bytes.
-- Needs the local "text".

local function stage(seq, at_ms, node, had)
  return text(at_ms - math.floor(seq / 1024)) .. (had or '') .. '/' .. node
end
