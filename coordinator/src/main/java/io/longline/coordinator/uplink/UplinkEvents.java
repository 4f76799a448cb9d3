package io.longline.coordinator.uplink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Uplinks as back ends are told of them. */
final class UplinkEvents {
    private UplinkEvents() {}

    /** The body of a request, with the events in their order. */
    static byte[] body(Stream stream, List<Kept> kept) {
        ObjectNode json = Json.object();
        ArrayNode events = json.putArray("events");
        for (Kept each : kept) {
            Uplink uplink = each.uplink();
            ObjectNode event = events.addObject()
                    .put("id", each.eventId(stream))
                    .put("uplink_id", uplink.id())
                    .put("type", "uplink." + uplink.type())
                    .put("product", uplink.sender().product())
                    .put("user", uplink.sender().user())
                    .put("device", uplink.sender().device())
                    .put("generation", uplink.sender().generation())
                    .put("seq", each.seq())
                    .put("ts_ms", each.atMs());
            if (uplink.isText()) {
                event.put("text", uplink.payload().toStringUtf8());
            } else {
                event.put(
                        "data",
                        Base64.getEncoder().encodeToString(uplink.payload().toByteArray()));
            }
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
