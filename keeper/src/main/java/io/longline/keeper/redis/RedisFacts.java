package io.longline.keeper.redis;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a Redis says of itself in {@code INFO}.
 *
 * @param runId of this start of its process
 * @param loading it loads its data and serves nobody
 * @param replica it has a master
 * @param cluster it is a node of a Redis Cluster
 * @param history names the history of writes that it continues
 * @param formerHistory of the master whose place it took, if it did since it was started
 */
record RedisFacts(
        String runId, boolean loading, boolean replica, boolean cluster, String history, String formerHistory) {

    static RedisFacts of(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> {
                    fields.put(pair[0], pair[1].strip());
                });
        String runId = fields.get("run_id");
        if (runId == null) {
            throw new LonglineException(ErrorCode.INTERNAL, "INFO tells no run_id");
        }
        return new RedisFacts(
                runId,
                "1".equals(fields.get("loading")),
                "slave".equals(fields.get("role")),
                "1".equals(fields.get("cluster_enabled")),
                fields.getOrDefault("master_replid", ""),
                fields.getOrDefault("master_replid2", ""));
    }

    /** Whether this was a replica of that one, and became a master. */
    boolean succeeded(RedisFacts other) {
        return !other.history.isEmpty() && formerHistory.equals(other.history);
    }
}
