package io.longline.coordinator.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.outbox.Answers;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** What callbacks answer: {@code {"reply": [{"id": …, "payload": …}]}}, an event's id and what its sender is to get. */
public final class UplinkReplies implements Answers, AutoCloseable {
    private static final int ID_BYTES = 16;

    private final ReplyFlow flow;
    private final Products products;
    private final InstantSource clock;
    private final UplinkMetrics metrics;

    UplinkReplies(ReplyFlow flow, Products products, InstantSource clock, UplinkMetrics metrics) {
        this.flow = flow;
        this.products = products;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * What else there is to it.
     *
     * @param fences of the outbox leases of shards; 0: it is not ours
     */
    public record Wiring(UplinkConfig config, InboxClient inboxes, IntToLongFunction fences, UplinkMetrics metrics) {}

    /** What no inbox has yet is kept in Redis. */
    public static UplinkReplies onRedis(RedisStore redis, Products products, Wiring wiring) {
        InstantSource clock = InstantSource.system();
        ReplyFlow flow = new ReplyFlow(new ReplyFlow.Tools(
                new RedisReplies(redis, wiring.config.replies()),
                wiring.inboxes::store,
                wiring.fences,
                clock,
                wiring.metrics));
        return new UplinkReplies(flow, products, clock, wiring.metrics);
    }

    /** Tries on from now on what was not stored at once. */
    public void start() {
        flow.start();
    }

    @Override
    public void close() {
        flow.close();
    }

    /**
     * Returns when they are kept until inboxes have them. An answer that says something else is none: the uplinks were taken all
     * the same.
     */
    @Override
    public void take(List<Event> taken, ByteString answer) {
        flow.bring(read(taken, answer));
    }

    List<Reply> read(List<Event> taken, ByteString answer) {
        List<Reply> replies = new ArrayList<>();
        JsonNode list = list(answer);
        if (list == null) {
            return replies;
        }
        Map<String, Event> byId = new HashMap<>();
        taken.stream().filter(UplinkReplies::isUplink).forEach(event -> byId.put(event.id(), event));
        int mostBytes = products.find(taken.getFirst().stream().product())
                .map(Product::maxPayloadBytes)
                .orElse(0);
        long nowMs = clock.millis();
        for (JsonNode each : list) {
            Event event = byId.remove(each.path("id").asText());
            JsonNode payload = each.path("payload");
            String text = payload.isTextual() ? payload.textValue() : payload.toString();
            boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= mostBytes;
            if (event == null || payload.isMissingNode() || payload.isNull() || !fits) {
                metrics.reply(UplinkMetrics.Reply.UNREADABLE);
            } else {
                replies.add(
                        new Reply(messageId(event), event.field(EventFields.UPLINK_ID), sender(event), text, nowMs));
            }
        }
        return replies;
    }

    private @Nullable JsonNode list(ByteString answer) {
        if (answer.isEmpty()) {
            return null;
        }
        try {
            JsonNode list = Json.parse(answer.toByteArray()).path("reply");
            return list.isArray() ? list : null;
        } catch (LonglineException e) {
            metrics.reply(UplinkMetrics.Reply.UNREADABLE);
            return null;
        }
    }

    private static boolean isUplink(Event event) {
        return event.stream().kind().startsWith(Callback.UPLINK);
    }

    private static Uplink.Sender sender(Event uplink) {
        return new Uplink.Sender(
                uplink.stream().product(),
                uplink.user(),
                uplink.device(),
                uplink.generation(),
                Uplink.Place.of(uplink.field(EventFields.PLACE)));
    }

    private static String messageId(Event event) {
        try {
            String name = event.stream().product() + "/" + event.id();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "re-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
