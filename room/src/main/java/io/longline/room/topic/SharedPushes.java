package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.session.Message;
import io.longline.room.session.PushFrames;
import io.longline.room.session.StoredMessage;
import io.longline.room.transport.Loop;
import io.longline.room.transport.SharedFrame;
import io.longline.v1.ServerFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames with messages of topics, made once for all sessions of a loop that have the same {@code ref} and are due the same within a moment. What is
 * said to be left of a message's time may be too much by that moment. On that loop.
 */
final class SharedPushes {
    /** So long a frame is good for others. */
    static final Duration MOMENT = Duration.ofMillis(50);
    /** Frames in protobuf, together; beyond it all are made again. */
    private static final int MOST_BYTES = 2 << 20;

    private final Loop loop;
    private final RoomMetrics metrics;
    private final Map<Object, Kept> kept = new HashMap<>();
    private long bytes;
    private boolean clearDue;

    private record Kept(SharedFrame frame, long madeAtMs) {}

    /** A message, and for which ref. */
    private record One(Followers of, long offset, int ref) {}

    /** Some that stand one behind the other, but for those that were left out. */
    private record Part(Followers of, long first, long last, int count, int ref) {}

    SharedPushes(Loop loop, RoomMetrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
    }

    /** A {@code push} of one message of a topic; good until something else is done on the loop. */
    SharedFrame one(Followers of, long offset, Message message, int ref, long nowMs) {
        return of(new One(of, offset, ref), nowMs, () -> PushFrames.ofTopic(ref, of.topic(), offset, message, nowMs));
    }

    /** A {@code pushes} of a part of a page; likewise. */
    SharedFrame part(Followers of, List<StoredMessage> part, int ref, long nowMs) {
        Part key = new Part(of, part.getFirst().seq(), part.getLast().seq(), part.size(), ref);
        return of(
                key,
                nowMs,
                () -> PushFrames.of(
                        ref,
                        part.stream()
                                .map(one -> PushFrames.itemOfTopic(of.topic(), one.seq(), one.message(), nowMs))
                                .toList()));
    }

    /**
     * Likewise, whatever it is.
     *
     * @param key equal for all that are due the same
     */
    SharedFrame of(Object key, long nowMs, Supplier<ServerFrame> making) {
        Kept known = kept.get(key);
        if (known == null || nowMs - known.madeAtMs > MOMENT.toMillis()) {
            forget(kept.remove(key));
            known = new Kept(new SharedFrame(making.get()), nowMs);
            keep(key, known);
            metrics.topicFrameMade();
        }
        return known.frame;
    }

    private void forget(@Nullable Kept old) {
        if (old != null) {
            bytes -= old.frame.frame().getSerializedSize();
            old.frame.release();
        }
    }

    private void keep(Object key, Kept fresh) {
        if (bytes > MOST_BYTES) {
            clear();
        }
        kept.put(key, fresh);
        bytes += fresh.frame.frame().getSerializedSize();
        if (!clearDue) {
            clearDue = true;
            loop.later(MOMENT, () -> {
                clearDue = false;
                clear();
            });
        }
    }

    private void clear() {
        kept.values().forEach(one -> one.frame.release());
        kept.clear();
        bytes = 0;
    }
}
