package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Loop;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is due to the sessions of one loop, of products and topics that have a merge window, so that all of a window goes to a session as one
 * frame. Only messages are held: who is due what is seen when the window is over. On its loop.
 */
final class Merging {
    private final Loop loop;
    private final MergePolicy policy;
    private final TopicReader reader;
    private final SharedPushes shared;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    private final Map<Lane, MergeLane> lanes = new HashMap<>();
    /** Of topics of which something is collected: that goes on there, also when their window has changed. */
    private final IdentityHashMap<Followers, MergeLane> holding = new IdentityHashMap<>();

    private final AtomicInteger bytes = new AtomicInteger(); // metrics look
    private int walks;

    /** Windows of one product do not wait for those of another. */
    record Lane(String product, int windowMs) {}

    Merging(
            Loop loop,
            MergePolicy policy,
            TopicReader reader,
            SharedPushes shared,
            LongSupplier nowMs,
            RoomMetrics metrics) {
        this.loop = loop;
        this.policy = policy;
        this.reader = reader;
        this.shared = shared;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    Loop loop() {
        return loop;
    }

    TopicReader reader() {
        return reader;
    }

    SharedPushes shared() {
        return shared;
    }

    RoomMetrics metrics() {
        return metrics;
    }

    long nowMs() {
        return nowMs.getAsLong();
    }

    /** A number that no other walk of late has. */
    int nextWalk() {
        return ++walks;
    }

    /** How many bytes wait for a window to end. */
    int bytes() {
        return bytes.get();
    }

    /**
     * Whether it collects the hint for all who follow the topic; otherwise it is to be brought to them at once. What has no message waits only
     * where something else does: it says again what nearly all have, and the window that it began would be over too early for what comes next.
     */
    boolean collects(Followers of, TopicHint hint) {
        MergeLane lane = lane(of);
        if (lane == null) {
            return false;
        }
        if (hint.message() == null && lane.isIdle()) {
            lookWhetherIdle(lane);
            return false;
        }
        lane.add(of, hint);
        return true;
    }

    /** The same for one of those who follow broadcasts, who was let have them. */
    boolean collects(BroadcastFollow follow, List<TopicHint> hints) {
        MergeLane lane = lane(follow.followers());
        if (lane != null) {
            lane.add(follow, hints);
        }
        return lane != null;
    }

    private @Nullable MergeLane lane(Followers of) {
        MergeLane held = holding.get(of);
        if (held != null) {
            return held;
        }
        int windowMs = policy.windowMs(of);
        return windowMs == 0
                ? null
                : lanes.computeIfAbsent(new Lane(of.product(), windowMs), name -> new MergeLane(this, name));
    }

    // ---- what its lanes tell ----

    void holds(Followers of, MergeLane lane) {
        holding.put(of, lane);
    }

    void holdsNoMore(Followers of) {
        holding.remove(of);
    }

    void lookWhetherIdle(MergeLane lane) {
        if (lane.isIdle()) {
            lanes.remove(lane.name(), lane);
        }
        count();
    }

    /** What waits has become more, or less. */
    void count() {
        bytes.set(lanes.values().stream().mapToInt(MergeLane::bytes).sum());
    }
}
