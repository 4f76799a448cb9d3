package io.longline.coordinator.outbox;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * An event that no back end took in time, and that is to be sent again.
 *
 * @param id that it has always had
 * @param seq under which it waited before it died
 * @param fields what else it says, as {@link EventFields} names it
 */
record DeadLetter(
        Stream stream,
        String id,
        long seq,
        long happenedAtMs,
        String user,
        String device,
        long generation,
        Map<String, String> fields,
        ByteString payload) {

    DeadLetter {
        fields = Map.copyOf(fields);
    }
}
