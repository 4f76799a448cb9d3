package io.longline.center.deadletter;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * An event that no back end took in time.
 *
 * @param id what back ends know it by
 * @param kind of the callback that it was for
 * @param seq under which it waited the last time
 * @param fields what else it says
 * @param payload empty in lists
 * @param atMs when it happened
 * @param death when and why it was given up
 */
record DeadLetter(
        String id,
        String kind,
        String user,
        String device,
        long generation,
        long seq,
        Map<String, String> fields,
        ByteString payload,
        long atMs,
        Death death) {

    /**
     * How it ended.
     *
     * @param number its place in the order of the list
     * @param reason what was said the last time: {@code status 500}
     */
    record Death(long number, long atMs, String reason) {}

    DeadLetter {
        fields = Map.copyOf(fields);
    }

    /** Empty where it has none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
