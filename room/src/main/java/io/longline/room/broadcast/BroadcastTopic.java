package io.longline.room.broadcast;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A topic of broadcasts, which every session of its product follows, as all loops see it: how far everybody may read it, and whose word about its
 * jobs counts. Jobs of a topic are sent in the order of their offsets, one at a time or some together: it is the first one's turn then.
 */
public final class BroadcastTopic {
    /** Of so many jobs it is known how far they came: acks come late. */
    public static final int JOBS_KEPT = 32;

    private final String product;
    private final String name;
    private final AtomicLong open = new AtomicLong();
    private final Pacer pacer;
    /** By id, the newest last. */
    private final Map<String, Said> jobs = new LinkedHashMap<>();

    private long turn; // offset of the one whose turn it is, or was last

    /** What is to be made of an order. */
    public enum Verdict {
        NEWS,
        /** It was asked before, or there is nothing to do about it any more. */
        NOTHING_NEW,
        /** Somebody asked otherwise since. */
        STALE
    }

    private record Said(long run, long number) {
        int compare(BroadcastJob job, long asked) {
            int runs = Long.compare(job.run(), run);
            return runs != 0 ? runs : Long.compare(asked, number);
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
            opens(order.upTo());
        }
        if (verdict == Verdict.NEWS && order.offset() == turn) {
            pace(order);
        }
        return carryOut.apply(verdict);
    }

    private Verdict verdict(BroadcastOrder order) {
        Said said = jobs.get(order.first().id());
        boolean past = order.offset() < turn;
        if (said == null && past) {
            return order.isToBeSent() ? Verdict.STALE : Verdict.NOTHING_NEW;
        }
        int later = said == null ? 1 : said.compare(order.first(), order.number());
        if (later < 0 || (past && order.isToBeSent()) || order.behind().stream().anyMatch(job -> isStale(job, order))) {
            return Verdict.STALE;
        }
        if (later == 0) {
            return Verdict.NOTHING_NEW;
        }
        if (order.wish() != BroadcastWish.DROP) {
            turn = Math.max(turn, order.offset());
        }
        order.all().forEach(job -> note(job, order.number()));
        return Verdict.NEWS;
    }

    /** It had a later turn since. */
    private boolean isStale(BroadcastJob job, BroadcastOrder order) {
        Said said = jobs.get(job.id());
        return said != null && said.compare(job, order.number()) < 0;
    }

    private void note(BroadcastJob job, long number) {
        jobs.put(job.id(), new Said(job.run(), number));
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
