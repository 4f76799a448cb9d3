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
 * topics, and of {@code :multicast}, and the lines of a job.
 */
public final class PushBody {
    private static final int MAX_KEY_BYTES = 128;
    private static final long MAX_SEND_AT_MS = 1L << 53;
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
        Push push = read.read(false, List.of(), PushBody::noteUnfitForTopic);
        return new TopicPush(
                push.product(),
                topic,
                push.messageId(),
                push.idGiven(),
                push.payload(),
                push.options(),
                push.validateOnly());
    }

    /** Options that a message to users has, and one to a topic has not. */
    private static void noteUnfitForTopic(Fields given, PushOptions options) {
        if (options.qos() == 0) {
            given.problem("qos", "is of messages to users, expected 1: a topic is a log");
        }
        if (options.nowOrNever()) {
            given.problem("ttl_s", "expected 1 or more: a topic is read when its followers come to it");
        }
        if (options.devices() != DeviceChoice.ALL) {
            given.problem("devices", "is of messages to users, expected all");
        }
        if (!options.inReplyTo().isEmpty()) {
            given.problem("in_reply_to", "is of messages to users, expected none");
        }
        if (options.sendAtMs() > 0) {
            given.problem("send_at_ms", "is of messages to users, expected 0");
        }
        if (!options.ackWait().isZero()) {
            given.problem("wait_ms", "is of messages to users, expected 0");
        }
    }

    /** The first line of a job. */
    public static JobHead readJob(Product product, byte[] line) {
        PushBody head = new PushBody(product, JsonBody.read(line, "payload"));
        int rate = head.fields.integer("rate_per_s", 0, 0, JobHead.MAX_RATE_PER_S);
        Push push = head.read(true, List.of());
        requireFitForJob(push.options());
        return new JobHead(push, rate);
    }

    /** Options that a message to a list has, and a job has not. */
    private static void requireFitForJob(PushOptions options) {
        if (options.qos() == 0) {
            throw LonglineException.invalid(
                    "options.qos", "expected 1: a job goes on where another center has left off");
        }
        if (options.nowOrNever()) {
            throw LonglineException.invalid("options.ttl_s", "expected 1 or more: a job ends with its time to live");
        }
        if (options.sendAtMs() > 0) {
            throw LonglineException.invalid("options.send_at_ms", "expected 0: a job begins when its list is there");
        }
        if (!options.ackWait().isZero()) {
            throw LonglineException.invalid("options.wait_ms", "expected 0: nobody waits for a job");
        }
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
        PushOptions options = options(given);
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

    private static PushOptions options(Fields options) {
        boolean notifyOnly = options.flag("notify_only", false);
        int spreadS = options.integer("spread_s", 0, 0, (int) PushOptions.MAX_SPREAD.toSeconds());
        if (spreadS > 0 && !notifyOnly) {
            options.problem("spread_s", "expected 0, or notify_only true with it");
        }
        PushOptions read = new PushOptions(
                options.integer("qos", 1, 0, 1),
                Duration.ofSeconds(options.integer(
                        "ttl_s", (int) PushOptions.DEFAULT_TTL.toSeconds(), 0, (int) PushOptions.MAX_TTL.toSeconds())),
                options.choice("priority", Priority.NORMAL),
                options.choice("devices", DeviceChoice.ALL),
                options.text("in_reply_to", MAX_KEY_BYTES).orElse(""),
                options.text("pull_key", MAX_KEY_BYTES).orElse(""),
                options.id("collapse_key").orElse(""),
                notifyOnly,
                Duration.ofSeconds(spreadS),
                options.longInteger("send_at_ms", 0, 0, MAX_SEND_AT_MS),
                Duration.ofMillis(options.integer("wait_ms", 0, 0, (int) PushOptions.MAX_WAIT.toMillis())));
        if (read.qos() == 0 && read.sendAtMs() > 0) {
            options.problem("send_at_ms", "expected qos 1: what is sent later is stored until then");
        }
        return read;
    }
}
