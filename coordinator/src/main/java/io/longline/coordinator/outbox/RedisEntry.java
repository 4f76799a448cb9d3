package io.longline.coordinator.outbox;

import static io.longline.coordinator.redis.RedisAnswer.text;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
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

    /** Names and values of an entry that says the same, in turn; its payload comes last. */
    public static List<Object> values(Event event) {
        List<Object> values = new ArrayList<>(
                List.of("t", event.atMs(), "u", event.user(), "d", event.device(), "g", event.generation()));
        event.fields().forEach((name, value) -> {
            values.add(name);
            values.add(value);
        });
        if (!event.payload().isEmpty()) {
            values.add(PAYLOAD);
            values.add(event.payload().toByteArray());
        }
        return values;
    }

    private static String taken(Map<String, String> fields, String name) {
        String value = fields.remove(name);
        return value == null ? "" : value;
    }
}
