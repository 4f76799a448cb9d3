package io.longline.saver;

import io.longline.keeper.redis.RedisStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * How a node of Redis is set up, as far as the promises need it.
 *
 * @param policy {@code maxmemory-policy}
 * @param appendOnly whether it writes an append-only file
 * @param fsync {@code appendfsync}; empty where Redis does not tell, as some hosted ones do not
 */
record RedisSettings(String policy, boolean appendOnly, String fsync) {
    private static final String NEEDED_POLICY = "noeviction";

    /** Of each node. */
    static CompletionStage<List<RedisSettings>> read(RedisStore redis) {
        return redis.everywhere(node -> node.info("memory")
                .thenCompose(memory -> node.info("persistence")
                        .thenCompose(persistence -> node.configGet("appendfsync")
                                .thenApply(found -> found.getOrDefault("appendfsync", ""))
                                .exceptionally(error -> "")
                                .thenApply(fsync -> of(memory, persistence, fsync)))));
    }

    private static RedisSettings of(String memory, String persistence, String fsync) {
        return new RedisSettings(
                field(memory, "maxmemory_policy:"),
                field(persistence, "aof_enabled:").equals("1"),
                fsync);
    }

    private static String field(String answer, String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }

    /** Why no message may be entrusted to it. */
    Optional<String> problem() {
        return policy.isEmpty() || policy.equals(NEEDED_POLICY)
                ? Optional.empty()
                : Optional.of("redis has maxmemory-policy " + policy + " and may throw messages away, expected "
                        + NEEDED_POLICY + ": CONFIG SET maxmemory-policy " + NEEDED_POLICY
                        + ", and the same in its configuration");
    }

    /** What is less than durability redis promises. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!appendOnly) {
            warnings.add("redis has appendonly no: a restart loses what durability redis promises to keep");
        } else if (fsync.equals("no")) {
            warnings.add("redis has appendfsync no, expected everysec or always: a crash loses more than a second");
        }
        return warnings;
    }
}
