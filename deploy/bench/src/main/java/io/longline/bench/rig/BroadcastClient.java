package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A back end that broadcasts, one after the other, and asks how far it has come. */
public final class BroadcastClient implements AutoCloseable {
    private static final Set<String> FINAL = Set.of("done", "cancelled", "failed");
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOKS = Duration.ofMillis(100);

    private final ApiClient api;

    public BroadcastClient(URI center, Tenant tenant) {
        this.api = new ApiClient(center, tenant);
    }

    /**
     * Returns when it is taken; asks again under one id where it was not.
     *
     * @param perSecond people; 0: as fast as the rooms can
     * @return the job's id
     */
    public String begin(String text, int perSecond) {
        ObjectNode body = Json.object()
                .put("payload", text)
                .put("message_id", UUID.randomUUID().toString());
        if (perSecond > 0) {
            body.put("rate_per_s", perSecond);
        }
        byte[] json = Json.bytes(body);
        return asked(() -> api.post("/v1/broadcasts", json), ANSWERED_WITHIN)
                .get("job_id")
                .asText();
    }

    /** The job when it has ended; {@link ClusterException} where it ended otherwise than done, or did not within the time. */
    public JsonNode awaitDone(String id, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        JsonNode job = job(id);
        while (!FINAL.contains(job.path("state").asText())) {
            if (System.nanoTime() > until) {
                throw new ClusterException("not done within " + within.toSeconds() + " s: " + job);
            }
            LockSupport.parkNanos(LOOKS.toNanos());
            job = job(id);
        }
        if (!job.path("state").asText().equals("done")) {
            throw new ClusterException("it should be done: " + job);
        }
        return job;
    }

    private JsonNode job(String id) {
        return asked(() -> api.get("/v1/jobs/" + id), ANSWERED_WITHIN);
    }

    /** Again and again, as back ends do, until it is answered with success; throws what was the last answer. */
    private static JsonNode asked(Supplier<JsonNode> question, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (true) {
            try {
                return question.get();
            } catch (ClusterException e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
                LockSupport.parkNanos(LOOKS.toNanos());
            }
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
