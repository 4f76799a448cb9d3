package io.longline.center.push;

import io.longline.center.http.Fields;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;

/** Reads the options of a body, and says which of them do not fit what they are of. */
final class OptionsBody {
    private static final int MAX_KEY_BYTES = 128;
    private static final long MAX_SEND_AT_MS = 1L << 53;

    private OptionsBody() {}

    static PushOptions read(Fields options) {
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

    /** Options that a message to users has, and one to a topic has not. */
    static void noteUnfitForTopic(Fields given, PushOptions options) {
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

    /** Options that a message to a list has, and a job has not. */
    static void requireFitForJob(PushOptions options) {
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
}
