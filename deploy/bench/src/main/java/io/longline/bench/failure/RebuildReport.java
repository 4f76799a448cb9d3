package io.longline.bench.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.PrintWriter;

/** The figures of {@link Rebuild}, for people and for programs. */
public final class RebuildReport {

    private RebuildReport() {}

    public static void print(RebuildResult result, PrintWriter out) {
        RebuildSize size = result.size();
        out.println();
        out.printf(
                "%,d sessions on %,d links, %,d messages for %,d users%n",
                size.sessions(), size.links(), size.messages(), size.users());
        out.printf(
                "bound in %,d ms, stored in %,d ms, an empty Redis after %,d ms%n",
                result.bound().toMillis(),
                result.stored().toMillis(),
                result.redisBack().toMillis());
        out.println("then a shard answers again after");
        out.printf(
                "  routes   median %,8d ms   last %,8d ms   all sessions %,8d ms, %,d of them lost%n",
                RebuildResult.median(result.routes()).toMillis(),
                RebuildResult.longest(result.routes()).toMillis(),
                result.allSessions().toMillis(),
                result.sessionsLost());
        out.printf(
                "  inboxes  median %,8d ms   last %,8d ms   all messages %,8d ms, %,d of them lost%n",
                RebuildResult.median(result.inboxes()).toMillis(),
                RebuildResult.longest(result.inboxes()).toMillis(),
                result.allMessages().toMillis(),
                result.messagesLost());
        out.println();
    }

    public static ObjectNode json(RebuildResult result) {
        ObjectNode json = Json.object()
                .put("scenario", "rebuild")
                .put("sessions", result.size().sessions())
                .put("links", result.size().links())
                .put("messages", result.size().messages())
                .put("bound_ms", result.bound().toMillis())
                .put("stored_ms", result.stored().toMillis())
                .put("redis_ms", result.redisBack().toMillis());
        json.putObject("routes")
                .put("shards", result.routes().size())
                .put("median_ms", RebuildResult.median(result.routes()).toMillis())
                .put("last_ms", RebuildResult.longest(result.routes()).toMillis())
                .put("all_ms", result.allSessions().toMillis())
                .put("lost", result.sessionsLost());
        json.putObject("inboxes")
                .put("shards", result.inboxes().size())
                .put("median_ms", RebuildResult.median(result.inboxes()).toMillis())
                .put("last_ms", RebuildResult.longest(result.inboxes()).toMillis())
                .put("all_ms", result.allMessages().toMillis())
                .put("lost", result.messagesLost());
        return json;
    }
}
