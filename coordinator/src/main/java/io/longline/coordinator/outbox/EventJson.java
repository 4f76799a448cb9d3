package io.longline.coordinator.outbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Events as back ends are told of them. */
final class EventJson {
    private EventJson() {}

    /** The body of a request, with the events in their order. */
    static byte[] body(List<Event> told) {
        ObjectNode json = Json.object();
        ArrayNode events = json.putArray("events");
        told.forEach(event -> put(event, events.addObject()));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(Event event, ObjectNode json) {
        String type = event.field(EventFields.TYPE);
        json.put("id", event.id());
        putGiven(json, "uplink_id", event.field(EventFields.UPLINK_ID));
        json.put("type", type.isEmpty() ? event.stream().kind() : type)
                .put("product", event.stream().product())
                .put("user", event.user());
        putGiven(json, "device", event.device());
        putGiven(json, "message_id", event.field(EventFields.MESSAGE_ID));
        json.put("generation", event.generation()).put("seq", seq(event)).put("ts_ms", event.happenedAtMs());
        putGiven(json, "reason", event.field(EventFields.REASON));
        switch (event.field(EventFields.PAYLOAD_KIND)) {
            case EventFields.TEXT -> json.put("text", event.payload().toStringUtf8());
            case EventFields.DATA ->
                json.put(
                        "data",
                        Base64.getEncoder().encodeToString(event.payload().toByteArray()));
            default -> {} // it has none
        }
    }

    private static long seq(Event event) {
        String own = event.field(EventFields.SEQ);
        return own.isEmpty() ? event.seq() : Long.parseLong(own);
    }

    private static void putGiven(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
