-- Included by scripts that answer what an endpoint follows, as {topic, from, "1": a back end wants it so, else "0", topic, ...}. They are given
-- all of the user's records.
-- include /io/longline/register/follow/records.lua

-- Whether a device's record leaves it not following though its user's record, where there is one, says so.
local function is_against(its, users) return its.state == '0' and users ~= nil and users.state == '1' and its.version >= users.version end

local function followed(records, device)
  local own, users, decides = {}, {}, {}
  for _, each in ipairs(records) do
    if each.device == device then own[each.topic] = each.record end
    if each.device == '' and each.record.state == '1' then users[each.topic] = each.record end
  end
  for topic, its in pairs(users) do
    if not own[topic] or not is_against(own[topic], its) then decides[topic] = its end
  end
  for topic, its in pairs(own) do
    if its.state == '1' then decides[topic] = its end
  end

  local answer = {}
  for topic, its in pairs(decides) do
    answer[#answer + 1] = topic
    answer[#answer + 1] = string.format('%.0f', its.from)
    answer[#answer + 1] = users[topic] and '1' or '0'
  end
  return answer
end

-- Whether calls that failed, or are under way, have left something of the device's topics on its way to the journal, which may have it: who is
-- told what it follows might not find it in the journal when Redis is lost.
local function is_left(records, device)
  for _, each in ipairs(records) do
    if each.record.noting > 0 and (each.device == device or each.device == '') then return true end
  end
  return false
end
