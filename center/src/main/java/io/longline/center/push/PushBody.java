package io.longline.center.push;

import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * What a back end wants to be sent, read into a {@link Push} or a {@link TopicPush}: the bodies of {@code :send}, to users and to
 * topics, of {@code :multicast} and of broadcasts, and the lines of a job.
 */
public final class PushBody {
    private static final int MAX_TARGETS = 1_000;

    private final Product product;
    private final JsonBody body;
    private final Fields fields;

    private PushBody(Product product, JsonBody body) {
        this.product = product;
        this.body = body;
        this.fields = body.fields();
    }

    /** Throws INVALID_ARGUMENT with everything that is wrong, or PAYLOAD_TOO_LARGE. */
    public static Push read(Product product, byte[] body) {
        return new PushBody(product, JsonBody.read(body, "payload")).toOne();
    }

    /** The same of one that stands in another body. */
    public static Push read(Product product, String body) {
        return new PushBody(product, JsonBody.read(body, "payload")).toOne();
    }

    /** One that is nothing but its payload, a text in UTF-8. */
    public static Push readText(Product product, String user, byte[] body) {
        Payload payload = new Payload.Text(JsonBody.utf8(body));
        requireSize(product, payload);
        return new Push(
                product.id(),
                UUID.randomUUID().toString(),
                false,
                false,
                List.of(new Target(user, null)),
                payload,
                PushOptions.USUAL,
                false);
    }

    /** The same; what is wrong with one of the targets is no error but part of what was read. */
    public static Multicast readMulticast(Product product, byte[] body) {
        return new PushBody(product, JsonBody.read(body, "payload")).toMany();
    }

    /** One message to a topic; the topic is no part of the body. */
    public static TopicPush readTopic(Product product, String topic, byte[] body) {
        PushBody read = new PushBody(product, JsonBody.read(body, "payload"));
        Push push = read.read(false, List.of(), OptionsBody::noteUnfitForTopic);
        return new TopicPush(
                push.product(),
                topic,
                push.messageId(),
                push.idGiven(),
                push.payload(),
                push.options(),
                product.topicLog().ttl(topic, push.options().ttl()),
                push.validateOnly());
    }

    /** One message to all users. */
    public static BroadcastHead readBroadcast(Product product, byte[] body) {
        PushBody head = new PushBody(product, JsonBody.read(body, "payload"));
        String topic = head.fields.id("topic").orElse(BroadcastHead.EVERYBODY);
        if (!topic.startsWith(BroadcastHead.EVERYBODY)) {
            head.fields.problem(
                    "topic", "is " + topic + ", expected a name that begins with " + BroadcastHead.EVERYBODY);
        }
        int rate = head.fields.integer("rate_per_s", 0, 0, JobHead.MAX_RATE_PER_S);
        int bytes = head.fields.integer("bytes_per_s", 0, 0, BroadcastHead.MOST_BYTES_PER_S);
        int canary = head.fields.integer("canary_permille", 0, 0, BroadcastHead.MOST_PERMILLE);
        Push push = head.read(true, List.of(), OptionsBody::noteUnfitForTopic);
        Duration ttl = product.topicLog().ttl(topic, push.options().ttl());
        return new BroadcastHead(push, ttl, topic, rate, bytes, canary);
    }

    /** The first line of a job. */
    public static JobHead readJob(Product product, byte[] line) {
        PushBody head = new PushBody(product, JsonBody.read(line, "payload"));
        int rate = head.fields.integer("rate_per_s", 0, 0, JobHead.MAX_RATE_PER_S);
        Push push = head.read(true, List.of());
        OptionsBody.requireFitForJob(push.options());
        return new JobHead(push, rate);
    }

    /** A further line of a job. */
    public static Target readTarget(byte[] line) {
        Fields fields = JsonBody.read(line).fields();
        Target target =
                new Target(fields.requiredId("user"), fields.id("device").orElse(null));
        fields.finish();
        return target;
    }

    private Push toOne() {
        fields.require("target");
        Fields target = fields.object("target");
        String user = fields.has("target") ? target.requiredId("user") : "";
        return read(false, List.of(new Target(user, target.id("device").orElse(null))));
    }

    private Multicast toMany() {
        List<Multicast.Entry> entries = Targets.read(fields.objects("targets", MAX_TARGETS));
        List<Target> targets = entries.stream()
                .flatMap(entry -> entry instanceof Multicast.Good(Target good) ? Stream.of(good) : Stream.empty())
                .toList();
        return new Multicast(read(true, targets), entries);
    }

    private Push read(boolean multicast, List<Target> targets) {
        return read(multicast, targets, (_, _) -> {});
    }

    /** @param fits notes options that do not fit */
    private Push read(boolean multicast, List<Target> targets, BiConsumer<Fields, PushOptions> fits) {
        Optional<String> messageId = fields.id("message_id");
        Fields given = fields.object("options");
        PushOptions options = OptionsBody.read(given);
        fits.accept(given, options);
        Payload payload = payload(options.notifyOnly());
        boolean validateOnly = fields.flag("validate_only", false);
        fields.finish();
        if (!options.notifyOnly()) {
            requireSize(product, payload);
        }
        return new Push(
                product.id(),
                messageId.orElseGet(() -> UUID.randomUUID().toString()),
                messageId.isPresent(),
                multicast,
                targets,
                payload,
                options,
                validateOnly);
    }

    private Payload payload(boolean optional) {
        boolean json = fields.names("payload");
        boolean base64 = fields.has("payload_base64");
        if (optional && !json && !base64) {
            return Payload.NONE;
        }
        if (json == base64) {
            fields.problem("payload", json ? "expected either payload or payload_base64, not both" : "is required");
        }
        if (base64) {
            return binary(fields.text("payload_base64").orElse(""));
        }
        return new Payload.Text(body.raw().or(() -> fields.text("payload")).orElse(""));
    }

    private Payload binary(String base64) {
        try {
            return new Payload.Binary(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            fields.problem("payload_base64", "expected standard base64: " + e.getMessage());
            return new Payload.Binary(new byte[0]);
        }
    }

    private static void requireSize(Product product, Payload payload) {
        if (payload.size() > product.maxPayloadBytes()) {
            throw new LonglineException(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "payload: expected at most " + product.maxPayloadBytes() + " bytes, got " + payload.size())
                    .detail("payload", "expected at most " + product.maxPayloadBytes() + " bytes");
        }
    }
}
