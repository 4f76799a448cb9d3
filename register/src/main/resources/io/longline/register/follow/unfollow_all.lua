-- Included by scripts that forget devices and users: what those followed that go is followed no more, and is left as to be told to the
-- journal under a version, until forgotten.lua is told that it was. Answers the fields, those of an earlier call again.
-- include /io/longline/register/follow/records.lua

local function unfollow_all(follows, followers, user, version, goes)
  local records, fields, topics = all_records(follows), {}, {}
  for _, each in ipairs(records) do
    if goes(each.device, each.record) then
      if each.record.state == '1' then topics[each.topic] = true end
      each.record = {version = tonumber(version), state = '-', from = 0, noting = tonumber(version)}
      write_record(follows, each.field, each.record)
      fields[#fields + 1] = each.field
    end
  end
  for topic in pairs(topics) do index_follower(records, topic, followers .. topic, user) end
  return fields
end
