package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastJob;
import io.longline.room.broadcast.BroadcastTopic;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What became of the last broadcasts of one topic, on one loop: acks come late. */
final class BroadcastRecord {
    private final @Nullable BroadcastTold[] kept = new @Nullable BroadcastTold[BroadcastTopic.JOBS_KEPT];
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    private int count;
    private long highest;

    BroadcastRecord(LongSupplier nowMs, RoomMetrics metrics) {
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** What is known of a job; one that was not heard of yet has the place of the oldest. */
    BroadcastTold of(BroadcastJob job) {
        BroadcastTold known = find(job.id());
        if (known != null) {
            return known;
        }
        int place = count++ % kept.length;
        BroadcastTold told = new BroadcastTold(job.id(), job.offset(), before(job), job.message(), place);
        kept[place] = told;
        highest = Math.max(highest, job.offset());
        return told;
    }

    /** One that is known is sent again. */
    void again(BroadcastTold told, BroadcastJob job) {
        told.again(before(job), job.message());
    }

    /** Nobody is to be sent it any more, nor waited for by those behind it. */
    void drop(BroadcastTold told) {
        told.drop();
        for (BroadcastTold other : kept) {
            if (other != null && other.before() == told.offset()) {
                other.follows(told.before());
            }
        }
    }

    /** Of all that was heard of. */
    long highest() {
        return highest;
    }

    @Nullable
    BroadcastTold find(String jobId) {
        for (BroadcastTold told : kept) {
            if (told != null && told.jobId().equals(jobId)) {
                return told;
            }
        }
        return null;
    }

    /** For what was dropped here nobody waits. Offsets fall, so this ends. */
    private long before(BroadcastJob job) {
        long before = job.before();
        BroadcastTold dropped = dropped(before);
        while (dropped != null) {
            before = dropped.before();
            dropped = dropped(before);
        }
        return before;
    }

    private @Nullable BroadcastTold dropped(long offset) {
        for (BroadcastTold told : kept) {
            if (told != null && told.isDropped() && told.offset() == offset) {
                return told;
            }
        }
        return null;
    }

    /** Nobody is to be sent what is there. */
    boolean isDropped(long offset) {
        return dropped(offset) != null;
    }

    /** Whether it is still something to be sent. */
    boolean isToBeSent(BroadcastTold told) {
        return !told.isDropped() && !told.isExpired(nowMs.getAsLong());
    }

    void let(BroadcastFollow follow, BroadcastTold told) {
        told.let();
        follow.let(told);
        metrics.broadcastLet();
    }

    /** It may have been sent what it was let have. */
    void sent(BroadcastFollow follow) {
        if (!follow.hasUnsent()) {
            return;
        }
        for (BroadcastTold told : kept) {
            if (told != null && follow.passesSent(told) && isToBeSent(told)) {
                told.sent();
                follow.awaitsAck(told);
                metrics.broadcastSent();
            }
        }
    }

    void acked(BroadcastFollow follow) {
        if (!follow.hasUnacked()) {
            return;
        }
        for (BroadcastTold told : kept) {
            if (told != null && follow.passesAcked(told)) {
                told.acked();
                metrics.broadcastAcked();
            }
        }
    }
}
