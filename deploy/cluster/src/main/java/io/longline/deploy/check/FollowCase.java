package io.longline.deploy.check;

import java.util.concurrent.TimeUnit;

/**
 * Whether an endpoint follows a topic, as far as one can know. What was wished last is so; where wishes crossed, or one was not answered
 * and may still be carried out, it may be either, until something shows which.
 */
final class FollowCase {
    /** So long after it was said a wish that was not answered may be carried out, by a part that was stopped. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(75);

    /** How far endpoints are is journaled each ten seconds. */
    private static final long ACKS_JOURNALED_AFTER = TimeUnit.SECONDS.toNanos(15);

    private enum State {
        FOLLOWS,
        NOT,
        EITHER
    }

    /** All wishes of one kind. */
    private static final class Wishes {
        private int open;
        private long until = -1;

        /** When the last of them can have been carried out. */
        private long last() {
            return open > 0 ? Long.MAX_VALUE : until;
        }
    }

    private final Wishes toFollow = new Wishes();
    private final Wishes toLeave = new Wishes();
    private State state = State.NOT;
    private long since;
    private long firstWish = Long.MAX_VALUE;

    /** It follows as its user does as soon as its device is forgotten, and nothing else came between. */
    private boolean asItsUser;

    /** Where the saver said that the endpoint is. */
    final TakenAcks acks = new TakenAcks(ACKS_JOURNALED_AFTER);

    /** The highest offset that the SDK handed to its app. */
    long handed;

    /** Of an endpoint that has said nothing by itself yet. */
    FollowCase asUser() {
        FollowCase copy = new FollowCase();
        copy.toFollow.open = toFollow.open;
        copy.toFollow.until = toFollow.until;
        copy.toLeave.open = toLeave.open;
        copy.toLeave.until = toLeave.until;
        copy.state = state;
        copy.since = since;
        copy.firstWish = firstWish;
        return copy;
    }

    private Wishes wishes(boolean follow) {
        return follow ? toFollow : toLeave;
    }

    /** Somebody begins to wish it. */
    void begun(boolean follow, long at) {
        wishes(follow).open++;
        firstWish = follow ? Math.min(firstWish, at) : firstWish;
        asItsUser &= follow;
        if (state != (follow ? State.FOLLOWS : State.NOT)) {
            becomes(State.EITHER, at);
        }
        if (!follow) {
            acks.forget(); // who follows anew may begin elsewhere
        }
    }

    /** An attempt was not answered with success. */
    void doubts(boolean follow, long at) {
        Wishes wishes = wishes(follow);
        wishes.until = Math.max(wishes.until, at + LATE);
    }

    /** Nobody wishes it any more; what was doubtful stays so. */
    void over(boolean follow, long at) {
        Wishes wishes = wishes(follow);
        wishes.open--;
        wishes.until = Math.max(wishes.until, at);
    }

    /** It was so at some moment between the two, also after a wish that was begun then. */
    void shown(boolean follow, long begunAt, long at) {
        if (wishes(!follow).last() < begunAt) {
            becomes(follow ? State.FOLLOWS : State.NOT, at);
        }
    }

    /** Its user was made to follow, while its device was being forgotten. */
    void shownOfItsUser(long begunAt) {
        asItsUser = toLeave.last() < begunAt;
    }

    private void becomes(State now, long at) {
        if (state != now) {
            state = now;
            since = at;
        }
        asItsUser &= now == State.EITHER;
    }

    /** Its device is being forgotten, and what it wished by itself. */
    void forget(FollowCase user, long at) {
        acks.forget();
        boolean both = state == State.FOLLOWS && user.state == State.FOLLOWS;
        if (state == State.FOLLOWS || user.state != State.NOT) {
            becomes(State.EITHER, at);
        }
        asItsUser |= both;
    }

    /** Its device certainly has been forgotten by now, if it ever is. */
    void isForgotten(long at) {
        if (asItsUser) {
            becomes(State.FOLLOWS, at);
        }
    }

    /** Whether it certainly has followed from then until now. */
    boolean followsSince(long at) {
        return state == State.FOLLOWS && since <= at;
    }

    /** Whether it certainly has not, from then until now. */
    boolean isOutSince(long at) {
        return state == State.NOT && since <= at;
    }

    /** Since when it certainly does not; only to be asked where that is so. */
    long since() {
        return since;
    }

    /** Whether nobody wished, before that, that it should follow. */
    boolean isUnwishedBefore(long at) {
        return firstWish > at;
    }

    /** Whether somebody's wish to follow may have been carried out at that time or later. */
    boolean mayFollowAnew(long at) {
        return toFollow.last() >= at;
    }
}
