package io.longline.saver.backlog;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import java.util.Map;

/** An event that waits for a back end. What it says nobody here reads. */
record BacklogEvent(
        long seq,
        String user,
        String device,
        long generation,
        long atMs,
        Map<String, String> fields,
        ByteString payload) {

    BacklogEvent {
        if (seq <= 0) {
            throw LonglineException.invalid("events.seq", "is " + seq + ", expected more than 0");
        }
        Ids.require("events.user", user);
        if (!device.isEmpty()) { // of presence of users
            Ids.require("events.device", device);
        }
        fields = Map.copyOf(fields);
    }
}
