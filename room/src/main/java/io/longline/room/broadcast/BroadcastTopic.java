package io.longline.room.broadcast;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A topic of broadcasts, which every session of its product follows, as all loops see it: how far everybody may read it, and whose word about its
 * jobs counts. One job of a topic is sent at a time, in the order of their offsets.
 */
public final class BroadcastTopic {
    /** Of so many jobs it is known how far they came: acks come late. */
    public static final int JOBS_KEPT = 16;

    private final String product;
    private final String name;
    private final AtomicLong open = new AtomicLong();
    private final Pacer pacer;
    /** By id, the newest last. */
    private final Map<String, Said> jobs = new LinkedHashMap<>();

    private long newest; // offset

    /** What is to be made of an order. */
    public enum Verdict {
        NEWS,
        /** It was asked before, or there is nothing to do about it any more. */
        NOTHING_NEW,
        /** Somebody asked otherwise since. */
        STALE
    }

    private record Said(long offset, long run, long number) {
        int compare(BroadcastOrder order) {
            int runs = Long.compare(order.run(), run);
            return runs != 0 ? runs : Long.compare(order.number(), number);
        }
    }

    BroadcastTopic(String product, String name, LongSupplier nanos, ByteBudget bytes) {
        this.product = product;
        this.name = name;
        this.pacer = new Pacer(nanos, bytes);
    }

    /** Whether a topic of this name is one of broadcasts. */
    public static boolean is(String topic) {
        return topic.startsWith("*");
    }

    public String product() {
        return product;
    }

    public String name() {
        return name;
    }

    public Pacer pacer() {
        return pacer;
    }

    /** How far everybody may read it, as far as this room has heard. */
    public long open() {
        return open.get();
    }

    /** Somebody who knows says that everybody may read it so far. */
    public void opens(long upTo) {
        open.accumulateAndGet(upTo, Math::max);
    }

    /**
     * Takes an order, or finds that it counts no more.
     *
     * @param carryOut is told which, before anybody else's order is taken; must not wait
     * @return what that answers
     */
    public synchronized <T> T take(BroadcastOrder order, Function<Verdict, T> carryOut) {
        Verdict verdict = verdict(order);
        if (verdict != Verdict.STALE && order.wish() == BroadcastWish.OVER) {
            opens(order.offset());
        }
        if (verdict == Verdict.NEWS && order.offset() == newest) {
            pace(order);
        }
        return carryOut.apply(verdict);
    }

    private Verdict verdict(BroadcastOrder order) {
        Said said = jobs.get(order.jobId());
        if (said == null && order.offset() >= newest) {
            newest = order.offset();
            note(order);
            return Verdict.NEWS;
        }
        boolean past = order.offset() < newest;
        boolean toBeSent = order.wish() == BroadcastWish.SEND || order.wish() == BroadcastWish.REST;
        if (said == null) {
            return toBeSent ? Verdict.STALE : Verdict.NOTHING_NEW;
        }
        int later = said.compare(order);
        if (later < 0 || (past && toBeSent)) {
            return Verdict.STALE;
        }
        if (later == 0) {
            return Verdict.NOTHING_NEW;
        }
        note(order);
        return Verdict.NEWS;
    }

    private void note(BroadcastOrder order) {
        jobs.put(order.jobId(), new Said(order.offset(), order.run(), order.number()));
        if (jobs.size() > JOBS_KEPT) {
            jobs.remove(jobs.keySet().iterator().next());
        }
    }

    private void pace(BroadcastOrder order) {
        if (order.wish() == BroadcastWish.SEND) {
            pacer.share(order.peoplePerS(), order.share());
        } else {
            pacer.rest();
        }
    }
}
