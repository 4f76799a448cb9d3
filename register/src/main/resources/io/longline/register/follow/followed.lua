-- Included by scripts that answer what an endpoint follows, as {topic, from, "1": a back end wants it so, else "0", topic, ...}.
-- include /io/longline/register/follow/records.lua

local function followed(follows, device)
  local own, users = {}, {}
  for _, each in ipairs(all_records(follows)) do
    if each.device == device then own[each.topic] = each.record end
    if each.device == '' and each.record.state == '1' then users[each.topic] = each.record end
  end
  local answer = {}
  local function add(topic, its)
    answer[#answer + 1] = topic
    answer[#answer + 1] = string.format('%.0f', its.from)
    answer[#answer + 1] = users[topic] and '1' or '0'
  end
  for topic, its in pairs(own) do
    if its.state == '1' then add(topic, its) end
  end
  for topic, its in pairs(users) do
    local mine = own[topic]
    if not mine or mine.state == '-' or mine.state == '0' and mine.version < its.version then add(topic, its) end
  end
  return answer
end
