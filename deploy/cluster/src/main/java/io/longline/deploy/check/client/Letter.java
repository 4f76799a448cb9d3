package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import io.longline.keeper.http.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message as a back end writes it: to one target, or to a list of them. Its body is the same each time.
 *
 * @param parts the message at each of its targets, in the order of the list
 * @param size of the payload, about, and more than its stamp takes
 */
public record Letter(List<Sending> parts, int size) {
    /** By so many characters another body is longer. */
    private static final int OTHER = 20;

    /** Every so many jobs one is sent at a pace, of so many targets a second. */
    private static final int PACED_EACH = 3;

    private static final int PACE = 5;

    public Letter {
        parts = List.copyOf(parts);
    }

    /** To one target. */
    public Letter(Sending send, int size) {
        this(List.of(send), size);
    }

    /** What all of its parts have alike. */
    public Sending message() {
        return parts.getFirst();
    }

    public String product() {
        return message().product();
    }

    public @Nullable String id() {
        return message().messageId();
    }

    /** One with the same id and another payload. */
    Letter other() {
        return new Letter(parts, size + OTHER);
    }

    /** What a job is handed in as: a line of what all have alike, and one for each target. */
    String lines() {
        ObjectNode head = head();
        if (message().number() % PACED_EACH == 0) {
            head.put("rate_per_s", PACE);
        }
        return Stream.concat(Stream.of(head), parts.stream().map(Letter::target))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    ObjectNode body() {
        ObjectNode body = head();
        if (message().ofList()) {
            var targets = body.putArray("targets");
            parts.forEach(part -> targets.add(target(part)));
        } else {
            body.set("target", target(message()));
        }
        return body;
    }

    private ObjectNode head() {
        ObjectNode body = Json.object();
        if (id() != null) {
            body.put("message_id", id());
        }
        body.put("payload", Stamp.of(parts).text(size));
        ObjectNode options = body.putObject("options")
                .put("qos", message().qos())
                .put("ttl_s", message().ttl().toSeconds());
        if (message().collapseKey() != null) {
            options.put("collapse_key", message().collapseKey());
        }
        Sending.Later later = message().later();
        if (later != null && !message().ofJob()) {
            options.put("send_at_ms", later.wallMs());
        }
        return body;
    }

    private static ObjectNode target(Sending part) {
        ObjectNode target = Json.object().put("user", part.user());
        if (part.device() != null) {
            target.put("device", part.device());
        }
        return target;
    }
}
