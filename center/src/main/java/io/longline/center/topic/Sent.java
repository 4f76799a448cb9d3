package io.longline.center.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * A send to a topic, and what became of it.
 *
 * @param told every room knows of it
 * @param rooms by room, those that have answered
 * @param recalled nobody reads it any more
 */
public record Sent(
        SendId id,
        String topic,
        String messageId,
        long sentAtMs,
        long expiresAtMs,
        boolean told,
        Map<String, Reach> rooms,
        boolean recalled) {

    public Sent {
        rooms = Map.copyOf(rooms);
    }

    /** As a job. Nobody counts who has acknowledged it: acks of a topic are of all that was sent before, too. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("job_id", id.text())
                .put("message_id", messageId)
                .put("state", told ? "done" : "running")
                .put("topic", topic)
                .put("offset", id.offset())
                .put("created_at_ms", sentAtMs)
                .put("ends_at_ms", expiresAtMs)
                .put(
                        "targeted",
                        rooms.values().stream().mapToLong(Reach::followers).sum())
                .put("sent", rooms.values().stream().mapToLong(Reach::written).sum())
                .putNull("acked")
                .put("skipped", 0);
        json.putObject("skipped_reasons");
        if (recalled) {
            json.put("recalled", true);
        }
        json.put("eta_s", 0);
        ObjectNode perRoom = json.putObject("per_room");
        new TreeMap<>(rooms)
                .forEach((room, reach) -> perRoom.putObject(room)
                        .put("followers", reach.followers())
                        .put("written", reach.written()));
        return json;
    }
}
