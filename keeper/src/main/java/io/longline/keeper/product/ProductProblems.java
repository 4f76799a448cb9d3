package io.longline.keeper.product;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with a product, field by field, to tell it all at once. */
final class ProductProblems {

    private static final String SHA256_HEX = "[0-9a-f]{64}";
    private static final int MIN_CLIENT_SECRET_BYTES = 32;
    private static final int MAX_ENTRIES = 100;
    private static final int MAX_PATTERN = 128;
    private static final int MAX_HEARTBEAT_S = 24 * 3600;
    private static final int MAX_DEVICES = 1000;
    private static final int MAX_MERGE_WINDOW_MS = 1000;
    private static final int MAX_DEBOUNCE_MS = 60_000;
    private static final long MAX_RATE_PER_S = 1_000_000;
    private static final long MAX_BYTES_PER_S = 2_000_000_000;
    private static final long MAX_LOG_MESSAGES = 1_000_000;
    private static final long MAX_LOG_BYTES = 1L << 40;
    private static final long MAX_LOG_TTL_S = 30 * 24 * 3600;
    private static final long MAX_QUOTA = 1_000_000_000_000L;

    private final List<FieldProblem> problems = new ArrayList<>();

    void id(String field, String id) {
        if (id == null) {
            add(field, "is missing");
        } else {
            Ids.productProblem(id).ifPresent(problem -> add(field, problem));
        }
    }

    void present(String field, Object value) {
        if (value == null) {
            add(field, "is missing");
        }
    }

    void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            add(field, "is " + value + ", expected " + min + " to " + max);
        }
    }

    void apiKeys(String field, List<ApiKey> keys) {
        bounded(field, keys);
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).scope() == null) {
                add(field + "[" + i + "].scope", "is missing");
            }
            if (keys.get(i).hash() == null || !keys.get(i).hash().matches(SHA256_HEX)) {
                add(field + "[" + i + "].hash", "expected SHA-256 in lower-case hex");
            }
        }
    }

    /** Says nothing of the secrets themselves. */
    void clientSecrets(String field, List<String> secrets) {
        bounded(field, secrets);
        for (int i = 0; i < secrets.size(); i++) {
            int bytes = secrets.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (bytes < MIN_CLIENT_SECRET_BYTES) {
                add(field + "[" + i + "]", "has " + bytes + " bytes, expected " + MIN_CLIENT_SECRET_BYTES + " or more");
            }
        }
    }

    void publicKeys(String field, List<String> keys) {
        bounded(field, keys);
        for (int i = 0; i < keys.size(); i++) {
            if (ClientPublicKey.parse(keys.get(i)).isEmpty()) {
                add(field + "[" + i + "]", "expected a public key on the curve P-256 in PEM");
            }
        }
    }

    void heartbeats(String field, Heartbeats heartbeat) {
        if (heartbeat == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".min_s", heartbeat.minS(), 1, MAX_HEARTBEAT_S);
        range(field + ".max_s", heartbeat.maxS(), 1, MAX_HEARTBEAT_S);
        if (heartbeat.intervalS() < heartbeat.minS() || heartbeat.intervalS() > heartbeat.maxS()) {
            add(field + ".interval_s", "is " + heartbeat.intervalS() + ", expected min_s to max_s");
        }
    }

    void secondDevice(String field, SecondDevice device) {
        if (device == null) {
            add(field, "is missing");
            return;
        }
        present(field + ".policy", device.policy());
        range(field + ".most", device.most(), 1, MAX_DEVICES);
    }

    void broadcasts(String field, BroadcastLimits limits) {
        if (limits == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".default_per_s", limits.defaultPerS(), 0, MAX_RATE_PER_S);
        range(field + ".most_per_s", limits.mostPerS(), 0, MAX_RATE_PER_S);
        range(field + ".default_bytes_per_s", limits.defaultBytesPerS(), 0, MAX_BYTES_PER_S);
        range(field + ".most_bytes_per_s", limits.mostBytesPerS(), 0, MAX_BYTES_PER_S);
    }

    void merge(String field, MergeWindows merge) {
        if (merge == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".window_ms", merge.windowMs(), 0, MAX_MERGE_WINDOW_MS);
        String topics = field + ".topics";
        patterns(topics, List.copyOf(merge.topics().keySet()));
        merge.topics().forEach((pattern, windowMs) -> {
            if (windowMs == null) {
                add(topics + "." + pattern, "is missing");
            } else {
                range(topics + "." + pattern, windowMs, 0, MAX_MERGE_WINDOW_MS);
            }
        });
    }

    void topicLog(String field, LogLimits limits) {
        if (limits == null) {
            add(field, "is missing");
            return;
        }
        log(field, new LogBounds(limits.messages(), limits.bytes(), limits.ttlS()));
        String topics = field + ".topics";
        patterns(topics, List.copyOf(limits.topics().keySet()));
        limits.topics().forEach((pattern, bounds) -> {
            if (bounds == null) {
                add(topics + "." + pattern, "is missing");
            } else {
                log(topics + "." + pattern, bounds);
            }
        });
    }

    private void log(String field, LogBounds bounds) {
        range(field + ".messages", bounds.messages(), 0, MAX_LOG_MESSAGES);
        range(field + ".bytes", bounds.bytes(), 0, MAX_LOG_BYTES);
        range(field + ".ttl_s", bounds.ttlS(), 0, MAX_LOG_TTL_S);
    }

    void uplinks(String field, UplinkLimits limits) {
        if (limits == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".session_per_minute", limits.sessionPerMinute(), 0, MAX_RATE_PER_S);
        range(field + ".rate_per_s", limits.ratePerS(), 0, MAX_RATE_PER_S);
    }

    void callbacks(String field, Callbacks callbacks) {
        if (callbacks == null) {
            add(field, "is missing");
            return;
        }
        CallbackProblems.note(field, callbacks, this);
    }

    void presence(String field, PresenceRules presence) {
        if (presence == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".debounce_ms", presence.debounceMs(), 0, MAX_DEBOUNCE_MS);
    }

    /** A limit of bytes that a message alone may be over would have it repeated for ever. */
    void limits(String field, SendLimits limits, int maxPayloadBytes) {
        if (limits == null) {
            add(field, "is missing");
            return;
        }
        range(field + ".rate_per_s", limits.ratePerS(), 0, MAX_RATE_PER_S);
        range(field + ".daily_quota", limits.dailyQuota(), 0, MAX_QUOTA);
        range(field + ".user_messages_per_hour", limits.userMessagesPerHour(), 0, MAX_QUOTA);
        range(field + ".user_messages_per_day", limits.userMessagesPerDay(), 0, MAX_QUOTA);
        bytes(field + ".user_bytes_per_hour", limits.userBytesPerHour(), maxPayloadBytes);
        bytes(field + ".user_bytes_per_day", limits.userBytesPerDay(), maxPayloadBytes);
    }

    private void bytes(String field, long value, int maxPayloadBytes) {
        if (value != 0 && (value < maxPayloadBytes || value > MAX_QUOTA)) {
            add(field, "is " + value + ", expected 0 or max_payload_bytes (" + maxPayloadBytes + ") to " + MAX_QUOTA);
        }
    }

    void patterns(String field, List<String> patterns) {
        bounded(field, patterns);
        if (!patterns.stream().allMatch(pattern -> !pattern.isEmpty() && pattern.length() <= MAX_PATTERN)) {
            add(field, "expected patterns of 1 to " + MAX_PATTERN + " characters");
        }
    }

    void finish() {
        if (problems.isEmpty()) {
            return;
        }
        LonglineException refused = new LonglineException(
                ErrorCode.INVALID_ARGUMENT,
                problems.stream().map(p -> p.field() + " " + p.problem()).collect(Collectors.joining("; ")));
        for (FieldProblem problem : problems) {
            refused = refused.detail(problem.field(), problem.problem());
        }
        throw refused;
    }

    void bounded(String field, List<?> entries) {
        if (entries.size() > MAX_ENTRIES) {
            add(field, "has " + entries.size() + " entries, expected at most " + MAX_ENTRIES);
        }
    }

    void add(String field, String problem) {
        problems.add(new FieldProblem(field, problem));
    }
}
