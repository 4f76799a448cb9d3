package io.longline.saver.message;

import io.longline.keeper.shard.Seqs;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.message.TimelineEntry.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a copy, and how. What is not known is empty: it was lost with Redis, or is of an earlier release.
 *
 * @param expiresAtMs 0: not known
 * @param storedBy the saver
 * @param routed as {@code stage.lua} writes it, likewise the others
 */
record CopyTrace(CopyStatus status, long expiresAtMs, String storedBy, String routed, String written, String ended) {

    /**
     * A stage as it was noted.
     *
     * @param hadMs for how long the room had it then; -1: nobody had given it to the room
     */
    private record Mark(long atMs, long hadMs, String node) {

        static @Nullable Mark read(String text, long storedAtMs) {
            if (text.isEmpty()) {
                return null;
            }
            int slash = text.indexOf('/');
            int plus = text.substring(0, slash).indexOf('+');
            long after = Long.parseLong(text.substring(0, plus < 0 ? slash : plus));
            long hadMs = plus < 0 ? -1 : Long.parseLong(text.substring(plus + 1, slash));
            return new Mark(storedAtMs + after, hadMs, text.substring(slash + 1));
        }
    }

    /** What is known, in the order of stages. */
    List<TimelineEntry> stages() {
        long storedAtMs = Seqs.ms(status.seq());
        Mark end = Mark.read(ended, storedAtMs);
        Mark write = Mark.read(written, storedAtMs);
        // The ack may have come to the saver before the word that it was written did.
        long latestMs = status.state() == CopyState.ACKED && end != null ? end.atMs : Long.MAX_VALUE;
        List<TimelineEntry> stages = new ArrayList<>();
        stages.add(entry(Stage.STORED, storedAtMs, storedBy));
        Mark route = route(write, storedAtMs);
        if (route != null) {
            stages.add(entry(Stage.ROUTED, Math.max(storedAtMs, Math.min(route.atMs, latestMs)), route.node));
        }
        if (write != null) {
            stages.add(entry(Stage.WRITTEN, Math.max(storedAtMs, Math.min(write.atMs, latestMs)), write.node));
        } else if (status.state() == CopyState.WRITTEN) {
            stages.add(entry(Stage.WRITTEN, 0, ""));
        }
        if (status.state().isFinal()) {
            stages.add(end(end, stages.getLast().atMs()));
        }
        return stages;
    }

    private @Nullable Mark route(@Nullable Mark write, long storedAtMs) {
        Mark route = Mark.read(routed, storedAtMs);
        if (write == null) {
            return route;
        }
        if (route == null) {
            return write.hadMs < 0 ? null : new Mark(write.atMs - write.hadMs, -1, write.node);
        }
        // A hint that the room answered with a load; the word of it came later.
        return route.node.equals(write.node) ? new Mark(Math.min(route.atMs, write.atMs), -1, route.node) : route;
    }

    /** Nobody notes when something expires: that is known. */
    private TimelineEntry end(@Nullable Mark noted, long lastMs) {
        boolean known = status.state() == CopyState.EXPIRED && expiresAtMs > 0;
        long atMs = known ? Math.max(expiresAtMs, lastMs) : 0;
        return new TimelineEntry(
                Stage.valueOf(status.state().name()),
                noted == null ? atMs : noted.atMs,
                noted == null ? "" : noted.node,
                status.endpoint(),
                status.reason());
    }

    private TimelineEntry entry(Stage stage, long atMs, String node) {
        return new TimelineEntry(stage, atMs, node, status.endpoint(), "");
    }
}
