package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastWish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is known of one broadcast that is not finally judged. */
final class BroadcastCase extends LogCase {
    private static final int MOST_EVENTS = 400;
    private static final double SECOND = 1e9;

    /** So long after it was said a wish that was not answered may be carried out, by a part that was stopped. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(75);

    final BroadcastSending send;

    /** To which sessions it came over a link, and when. */
    private final Set<Integer> sessions = new HashSet<>();

    private final List<Long> arrivals = new ArrayList<>();

    /** It certainly had not begun then. */
    long notBegunAt;

    /** The final state that its job was told to have, and when; null: none yet. */
    @Nullable
    String end;

    long endAt;

    /** Somebody began to wish that it ends, or is recalled: nobody is owed it from then on. */
    boolean endWished;

    /** When it was answered that nobody gets it any more who has not; -1: it was not. */
    long goneAt = -1;

    /** Somebody began to wish that it rests, so that younger ones may begin before it. */
    boolean everRested;

    /** When it was told that it rests, and nobody has begun to wish otherwise since; -1: it does not. */
    long restsSince = -1;

    /** Wishes that are under way. */
    private int wishesOpen;

    /** Until then one that was not answered may be carried out. */
    private long wishedUntil = -1;

    /** When it was answered that its job has ended; -1: it was not. */
    long conflictAt = -1;

    /** So many a second at most, at whatever time; {@link Integer#MAX_VALUE}: any number. */
    private int mostPerS;

    /** So many sessions certainly had it while it ran. */
    long cameWhileItRan;

    String jobId = "";

    BroadcastCase(BroadcastSending send, long firstBegun, long floor) {
        super(send.number(), send.messageId(), firstBegun, floor, MOST_EVENTS);
        this.send = send;
        this.notBegunAt = firstBegun;
        this.mostPerS = unlimited(send.ratePerS());
    }

    private static int unlimited(int perS) {
        return perS == 0 ? Integer.MAX_VALUE : perS;
    }

    // ---- what back ends wish ----

    void wished(BroadcastWish wish) {
        wishesOpen++;
        endWished |= wish.ends();
        everRested |= wish.rests();
        if (!wish.rests()) {
            restsSince = -1;
        }
        if (wish.ratePerS() >= 0) {
            mostPerS = Math.max(mostPerS, unlimited(wish.ratePerS()));
        }
    }

    void wishOver(boolean answered, long at) {
        wishesOpen--;
        wishedUntil = answered ? wishedUntil : at + LATE;
    }

    /** It was told that it rests, or that it does not. Who is told so while somebody wishes otherwise may be told of before. */
    void rests(boolean so, long at) {
        if (!so) {
            restsSince = -1;
        } else if (restsSince < 0 && wishesOpen == 0 && at > wishedUntil) {
            restsSince = at;
        }
    }

    boolean hasEnded() {
        return end != null;
    }

    boolean isDone() {
        return "done".equals(end);
    }

    // ---- where it comes ----

    /** False: it came to that session before. */
    boolean arrives(int session, long at) {
        arrivals.add(at);
        return sessions.add(session);
    }

    /** By then, over links. */
    long arrivedBy(long at) {
        return arrivals.stream().filter(each -> each <= at).count();
    }

    /** How many its rate lets have it from when it can have begun until then, and a second of the rate more. */
    long mayHaveArrivedBy(long at) {
        return mostPerS == Integer.MAX_VALUE
                ? Long.MAX_VALUE
                : (long) Math.ceil(mostPerS * ((at - notBegunAt) / SECOND + 1));
    }

    // ---- its time ----

    /** From here on it certainly is no longer to be delivered; never, while it is still being sent. */
    long expiresAt() {
        long taken = isAnswered() ? successAt : open > 0 ? Long.MAX_VALUE / 2 : lastAnswerAt;
        return taken + send.ttl().toNanos();
    }

    boolean mayHaveExpired(long now) {
        return now - firstBegun() >= send.ttl().toNanos();
    }

    // ---- whom it is owed ----

    /** Whether it must still come to an endpoint: it is done, and the device was there from before it was sent until now. */
    boolean isOwed(EndpointCase endpoint, FaultLog faults, long now) {
        return isDone()
                && !endWished
                && !mayBeLost
                && !mayHaveExpired(now)
                && !arrived.contains(endpoint.id)
                && endpoint.isKnownSince(firstBegun())
                && !endpoint.mayForget(faults, firstBegun())
                && (send.journaled() || !endpoint.mayBeUnknown(firstBegun()));
    }

    /** Done by then, as somebody was told. */
    boolean isDue(long doneBefore) {
        return isDone() && endAt < doneBefore;
    }

    void redisWasLost(FaultLog faults, long now) {
        boolean kept = send.journaled() || (hasEnded() && faults.isJournaled(endAt, now));
        mayBeLost |= !kept;
        mayChange |= !send.journaled();
    }
}
