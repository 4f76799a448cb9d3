package io.longline.coordinator.outbox;

import io.longline.coordinator.callback.Gate;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Carries what waits in one stream while its shard's lease is held: it keeps in mind what there is, has what may go carried, what is overdue
 * buried, and what is over forgotten by the store. On the thread of its {@link ShardReader}.
 */
final class StreamReader {
    private static final int PAGE = 512;
    private static final long SPARED_MS = 1_000;

    private final Stream stream;
    private final Shard shard;
    private final ShardReader.Tools tools;
    private final StreamQueue queue;
    /** Taken by the back end, or dead, and the store does not know it yet. */
    private final List<Ref> over = new ArrayList<>();

    private long lastSeq;
    /** Parcels under way. */
    private int parcels;
    /** Whether it is to be seen if something is overdue. */
    private boolean ages;

    private boolean burying;
    /** Among the references that all readers may have. */
    private int counted;

    /** What its shard does for it. */
    interface Shard {
        /** Of the lease; 0: another has it. */
        long fence();

        /** Whether there is time to begin something under it. */
        boolean mayBegin();

        /** The lease is another's now. */
        void lost();

        /** Something is under way. */
        void begun();

        /** It has ended, which is to be settled on the shard's thread, if the stream is known there still. From any thread. */
        void ended(StreamReader reader, Runnable settle);
    }

    StreamReader(Stream stream, Shard shard, ShardReader.Tools tools) {
        this.stream = stream;
        this.shard = shard;
        this.tools = tools;
        this.queue = new StreamQueue(tools.config().retries(), RandomGenerator.getDefault());
    }

    Stream stream() {
        return stream;
    }

    /** With what has left since, which is given back. */
    int size() {
        int size = queue.size();
        tools.references().giveBack(counted - size);
        counted = size;
        return size;
    }

    /** It is forgotten here. */
    void close() {
        tools.references().giveBack(counted);
        counted = 0;
    }

    boolean isBusy() {
        return parcels > 0 || burying || !over.isEmpty();
    }

    /** Takes in what has come since. */
    void read() {
        ages = true;
        int most = tools.config().limits().perStream();
        Optional<OutboxStore.Page> page;
        do {
            int asked = tools.references().take(size(), Math.min(PAGE, most - queue.size()));
            counted += asked;
            if (asked <= 0) {
                return;
            }
            page = tools.store().index(stream, shard.fence(), lastSeq, asked);
            if (page.isEmpty()) {
                shard.lost();
                return;
            }
            page.get().refs().forEach(queue::add);
            lastSeq = page.get().lastSeq();
        } while (page.get().isFull());
    }

    /**
     * Begins what may begin. Answers how long until there is more, in ms.
     *
     * @param isAbandoned nobody takes it, and the oldest of it is overdue
     */
    long dispatch(boolean isAbandoned) {
        Optional<Gate> gate = tools.gates().of(stream.product(), stream.kind());
        if (ages && !burying && shard.mayBegin() && (gate.isPresent() || isAbandoned)) {
            ages = false;
            buryOverdue(gate);
        }
        if (gate.isEmpty()) {
            return Long.MAX_VALUE;
        }
        while (shard.mayBegin()
                && queue.isReady(nowMs())
                && parcels < gate.get().atATime()) {
            if (gate.get().spares()) {
                return SPARED_MS; // what waits is not read again and again for nobody
            }
            carry(queue.next(nowMs()));
        }
        long due = queue.nextDueMs();
        return due == Long.MAX_VALUE ? due : due - nowMs();
    }

    private void carry(StreamQueue.Next next) {
        shard.begun();
        parcels++;
        tools.lanes()
                .add(new Parcel(
                        stream,
                        shard.fence(),
                        next.refs(),
                        next.joins(),
                        (outcome, why) -> shard.ended(this, () -> settle(next.refs(), outcome, why))));
    }

    private void settle(List<Ref> batch, DeliveryOutcome outcome, String why) {
        parcels--;
        switch (outcome) {
            case DONE -> {
                queue.done(batch);
                forget(batch);
            }
            case FAILED -> queue.failed(batch, why, nowMs());
            case REFUSED -> queue.refused(batch, why, nowMs());
            case NOT_TRIED -> queue.postponed(batch, nowMs() + SPARED_MS);
            case LEASE_LOST -> shard.lost();
        }
    }

    /** What has failed for too long, and all that is as old where nobody is asked. */
    private void buryOverdue(Optional<Gate> gate) {
        boolean nobodyIsAsked = gate.isEmpty() || gate.get().spares();
        StreamQueue.Overdue overdue = queue.overdue(tools.burials().overdueBefore(), nobodyIsAsked, nowMs());
        if (overdue.refs().isEmpty()) {
            return;
        }
        String unasked = gate.map(Gate::lastFailure).orElse("no callback");
        String why = overdue.why().isEmpty() ? unasked : overdue.why();
        burying = true;
        shard.begun();
        tools.burials()
                .begin(
                        new Burials.Batch(stream, shard.fence(), overdue.refs(), why),
                        outcome -> shard.ended(this, () -> settle(outcome, why)));
    }

    private void settle(Burials.Outcome outcome, String why) {
        if (outcome.leaseLost()) {
            shard.lost();
            return;
        }
        burying = false;
        ages = outcome.left().isEmpty(); // there may be more
        queue.buried(outcome.buried(), outcome.left(), why, nowMs());
        forget(outcome.buried());
    }

    private void forget(List<Ref> refs) {
        over.addAll(refs);
        try {
            finish();
        } catch (LonglineException e) {
            tools.delivery().storeFailed(e); // once more with the next turn
        }
    }

    /** Has the store forget what is over, if the lease is held. */
    void finish() {
        if (over.isEmpty() || shard.fence() == 0) {
            return;
        }
        boolean done = tools.store().finish(stream, shard.fence(), List.copyOf(over));
        over.clear();
        if (!done) {
            shard.lost();
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
