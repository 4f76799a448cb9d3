package io.longline.coordinator.outbox;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * Something that a back end is to be told, as it is in the store.
 *
 * @param seq greater than those before it in its stream
 * @param atMs when it came into it
 * @param generation of the session that it is about
 * @param fields what else it says, as {@link EventFields} names it
 * @param payload empty where it has none
 */
public record Event(
        Stream stream,
        long seq,
        long atMs,
        String user,
        String device,
        long generation,
        Map<String, String> fields,
        ByteString payload) {

    public Event {
        fields = Map.copyOf(fields);
    }

    /** What back ends know it by; never given twice, and the same when it is put back. */
    public String id() {
        String given = field(EventFields.ID);
        return given.isEmpty() ? stream.idPrefix() + seq : given;
    }

    /** Also where it was put back since. */
    long happenedAtMs() {
        String given = field(EventFields.HAPPENED_AT_MS);
        return given.isEmpty() ? atMs : Long.parseLong(given);
    }

    /** Such a field; empty where it has none. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
