package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.net.URI;
import java.util.function.Consumer;

/** A consumer of a group: pulls up to 100 uplinks, hands them on, finishes them, and pulls again; waits in the pull where there are none. One thread of its own. */
public final class GroupConsumer implements AutoCloseable {
    private static final int MOST = 100;
    private static final int WAIT_MS = 2_000;

    private final ApiClient api;
    private final String path;
    private final byte[] pull;
    private final Consumer<JsonNode> uplinks;
    private final Thread thread;
    private volatile boolean ended;
    private volatile String problem = "";

    private GroupConsumer(ApiClient api, String path, String name, Consumer<JsonNode> uplinks) {
        this.api = api;
        this.path = path;
        this.pull =
                Json.bytes(Json.object().put("consumer", name).put("max", MOST).put("wait_ms", WAIT_MS));
        this.uplinks = uplinks;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * Begins to pull.
     *
     * @param uplinks is given what one pull brought
     */
    public static GroupConsumer start(
            URI center, Tenant tenant, String type, String group, int number, Consumer<JsonNode> uplinks) {
        GroupConsumer consumer = new GroupConsumer(
                new ApiClient(center, tenant),
                "/v1/uplinks/" + type + "/groups/" + group,
                "consumer-" + number,
                uplinks);
        consumer.thread.start();
        return consumer;
    }

    private void run() {
        try {
            while (!ended) {
                JsonNode pulled = api.post(path + ":pull", pull).path("uplinks");
                if (!pulled.isEmpty()) {
                    take(pulled);
                }
            }
        } catch (ClusterException e) {
            problem = String.valueOf(e.getMessage());
        }
    }

    private void take(JsonNode pulled) {
        uplinks.accept(pulled);

        ObjectNode body = Json.object();
        ArrayNode leases = body.putArray("lease_ids");
        pulled.forEach(uplink -> leases.add(uplink.path("lease_id").asText()));
        JsonNode gone = api.post(path + ":finish", Json.bytes(body)).path("gone");
        if (!gone.isEmpty()) {
            throw new ClusterException(gone.size() + " leases had run out");
        }
    }

    /** What ended it, if anything did. */
    public String problem() {
        return problem;
    }

    /** It pulls no more; see {@link #close}. */
    public void end() {
        ended = true;
    }

    /** What it has is finished. A pull that waits comes to its end: of one that is broken off nobody would know what it was given, for 30 s. */
    @Override
    public void close() {
        end();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
