package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import io.longline.keeper.http.Json;
import java.util.List;
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

    boolean isList() {
        return message().ofList();
    }

    /** One with the same id and another payload. */
    Letter other() {
        return new Letter(parts, size + OTHER);
    }

    ObjectNode body() {
        ObjectNode body = Json.object();
        if (id() != null) {
            body.put("message_id", id());
        }
        if (isList()) {
            var targets = body.putArray("targets");
            parts.forEach(part -> target(part, targets.addObject()));
        } else {
            target(message(), body.putObject("target"));
        }
        body.put("payload", Stamp.of(parts).text(size));
        ObjectNode options = body.putObject("options")
                .put("qos", message().qos())
                .put("ttl_s", message().ttl().toSeconds());
        if (message().collapseKey() != null) {
            options.put("collapse_key", message().collapseKey());
        }
        Sending.Later later = message().later();
        if (later != null) {
            options.put("send_at_ms", later.wallMs());
        }
        return body;
    }

    private static void target(Sending part, ObjectNode target) {
        target.put("user", part.user());
        if (part.device() != null) {
            target.put("device", part.device());
        }
    }
}
