package io.longline.bench.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.rig.ApiClient;
import io.longline.keeper.http.Json;
import java.util.ArrayList;
import java.util.List;

/** Who is online by {@code POST /v1/users:batchGet}. */
final class Directory {
    private static final int AT_ONCE = 1_000;

    private final ApiClient api;

    Directory(ApiClient api) {
        this.api = api;
    }

    /** @param generation of the session that it has, or had last; 0: never seen */
    record Listed(boolean isOnline, long generation) {}

    /** Of the clients from 0 on, in order; throws a ClusterException where that cannot be told now. */
    List<Listed> of(int clients) {
        List<Listed> all = new ArrayList<>(clients);
        for (int from = 0; from < clients; from += AT_ONCE) {
            ObjectNode body = Json.object();
            ArrayNode users = body.putArray("users");
            for (int i = from; i < Math.min(clients, from + AT_ONCE); i++) {
                users.add(Crowds.user(i));
            }
            for (JsonNode user :
                    api.post("/v1/users:batchGet", Json.bytes(body)).path("users")) {
                JsonNode device = user.path("devices").path(0);
                all.add(new Listed(
                        user.path("online").asBoolean(),
                        device.path("generation").asLong()));
            }
        }
        return all;
    }
}
