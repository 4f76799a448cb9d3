package io.longline.coordinator.outbox;

import static io.longline.coordinator.redis.RedisAnswer.text;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An entry of a stream, as Redis answers it. */
public final class RedisEntry {
    private static final String PAYLOAD = "b";

    private RedisEntry() {}

    /**
     * What it says.
     *
     * @param entry names and values, in turn
     */
    public static Event event(Stream stream, long seq, List<?> entry) {
        Map<String, String> fields = new HashMap<>();
        ByteString payload = ByteString.EMPTY;
        for (int i = 0; i + 1 < entry.size(); i += 2) {
            String name = text(entry.get(i));
            if (name.equals(PAYLOAD)) {
                payload = ByteString.copyFrom((byte[]) entry.get(i + 1));
            } else {
                fields.put(name, text(entry.get(i + 1)));
            }
        }
        return new Event(
                stream,
                seq,
                Long.parseLong(taken(fields, "t")),
                taken(fields, "u"),
                taken(fields, "d"),
                Long.parseLong(taken(fields, "g")),
                fields,
                payload);
    }

    private static String taken(Map<String, String> fields, String name) {
        String value = fields.remove(name);
        return value == null ? "" : value;
    }
}
