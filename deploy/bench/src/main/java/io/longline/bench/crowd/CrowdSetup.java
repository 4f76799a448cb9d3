package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom clients connect to, and as whom.
 *
 * @param clientSecret of the product, with which clients' tokens are signed
 * @param topic that all of them follow; empty: none
 */
public record CrowdSetup(Wire wire, List<InetSocketAddress> rooms, String product, String clientSecret, String topic) {

    public CrowdSetup {
        rooms = List.copyOf(rooms);
    }

    /** For connections that say nothing. */
    public static CrowdSetup bare(InetSocketAddress where) {
        return new CrowdSetup(Wire.BARE, List.of(where), "", "", "");
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("wire", wire.name())
                .put("product", product)
                .put("client_secret", clientSecret)
                .put("topic", topic);
        ArrayNode list = json.putArray("rooms");
        rooms.forEach(room -> list.addObject().put("host", room.getHostString()).put("port", room.getPort()));
        return json;
    }

    static CrowdSetup of(JsonNode json) {
        List<InetSocketAddress> rooms = new ArrayList<>();
        json.path("rooms")
                .forEach(room -> rooms.add(new InetSocketAddress(
                        room.path("host").asText(), room.path("port").asInt())));
        return new CrowdSetup(
                Wire.valueOf(json.path("wire").asText()),
                rooms,
                json.path("product").asText(),
                json.path("client_secret").asText(),
                json.path("topic").asText());
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "crowd of " + product + " over " + wire + " at " + rooms;
    }
}
