package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.client.Tenant;
import io.longline.keeper.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A back end that sends lists, each line made when it is due, and asks how far they have come. */
public final class ListClient implements AutoCloseable {
    private static final Duration UPLOADED_WITHIN = Duration.ofMinutes(30);

    private static final String JOBS = "/v1/jobs";

    private final ApiClient api;

    public ListClient(URI center, Tenant tenant) {
        this.api = new ApiClient(center, tenant);
    }

    /**
     * Returns when the list is taken.
     *
     * @param users the target of each line
     * @return the job's id
     */
    public String submit(String payload, int targets, IntFunction<String> users) {
        byte[] head = Json.bytes(Json.object().put("payload", payload));
        BodyPublisher body = BodyPublishers.ofInputStream(() -> new Lines(head, targets, users));
        return api.post(JOBS, body, UPLOADED_WITHIN).get("job_id").asText();
    }

    public JsonNode job(String id) {
        return api.get(JOBS + "/" + id);
    }

    @Override
    public void close() {
        api.close();
    }

    /** The body of a list. */
    private static final class Lines extends InputStream {
        private static final int TOGETHER = 500;

        private final int targets;
        private final IntFunction<String> users;
        private InputStream now;
        private int next;

        Lines(byte[] head, int targets, IntFunction<String> users) {
            this.targets = targets;
            this.users = users;
            this.now = new ByteArrayInputStream(head);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int read = now.read(into, from, most);
            if (read < 0 && next < targets) {
                int end = Math.min(targets, next + TOGETHER);
                String lines = IntStream.range(next, end)
                        .mapToObj(i -> "\n{\"user\":\"" + users.apply(i) + "\"}")
                        .collect(Collectors.joining());
                next = end;
                now = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
                read = now.read(into, from, most);
            }
            return read;
        }
    }
}
