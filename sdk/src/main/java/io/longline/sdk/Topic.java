package io.longline.sdk;

import io.longline.v1.ClientFrame;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import io.longline.v1.Unsubscribe;
import org.jspecify.annotations.Nullable;

/**
 * One topic of an endpoint: what the app wants of it, what of that the room was told, and how far the app is. Any thread may say what the app
 * wants, both threads of the client tell the room.
 */
final class Topic {
    /** An unsubscribe is not answered. The room has done what it can with it after so long, or has said that it could not. */
    static final long SETTLED_MS = 10_000;

    private static final String BROADCASTS_BEGIN = "*";
    private static final long NONE = -1;

    private final String name;
    private final Progress progress;
    private Wish wish = Wish.NOTHING;

    /** Where the app wants to begin, until the room has answered; at most one of both. */
    private long after = NONE;

    private int last = (int) NONE;

    /** The room has answered, and the app's thread is there: it is followed, and read from {@link #begin} on. */
    private boolean confirmed;

    private long begin;

    /** What comes behind this offset is to be handed over, though it may have been before; the app's thread is not there yet. */
    private long restart = NONE;

    /** On the present link. */
    private boolean said;

    private long saidAtMs;
    private long sayAtMs;

    private enum Wish {
        NOTHING,
        FOLLOW,
        UNFOLLOW
    }

    Topic(String name, Progress progress) {
        this.name = name;
        this.progress = progress;
    }

    String name() {
        return name;
    }

    /** Whether every endpoint follows a topic of this name, whatever its app says. */
    static boolean isOfBroadcasts(String name) {
        return name.startsWith(BROADCASTS_BEGIN);
    }

    Progress progress() {
        return progress;
    }

    // ---- what the app wants ----

    /** From where the server knows that it belongs. */
    synchronized void follow() {
        wish(Wish.FOLLOW);
        after = NONE;
        last = (int) NONE;
    }

    synchronized void followAfter(long offset) {
        wish(Wish.FOLLOW);
        after = offset;
        last = (int) NONE;
    }

    synchronized void followLast(int messages) {
        wish(Wish.FOLLOW);
        after = NONE;
        last = messages;
    }

    synchronized void unfollow() {
        wish(Wish.UNFOLLOW);
    }

    private void wish(Wish wanted) {
        wish = wanted;
        confirmed = false;
        said = false;
        sayAtMs = 0;
    }

    // ---- what the room is told ----

    /**
     * Where to go on, for the bind of a new link; null where the room is not, or not yet, known to follow it for us. It does not follow anew: a
     * back end may have ended it meanwhile. Broadcasts nobody has to ask for: of them it says how far the app is.
     */
    synchronized @Nullable TopicPosition position() {
        if (isOfBroadcasts(name)) {
            return progress.finished() > 0 ? position(progress.finished()) : null;
        }
        if (wish != Wish.FOLLOW || !confirmed) {
            return null;
        }
        said = true;
        return position(goOnAfter());
    }

    private TopicPosition position(long behind) {
        return TopicPosition.newBuilder()
                .setTopic(name)
                .setAfter(behind)
                .setResume(true)
                .build();
    }

    private long goOnAfter() {
        return restart != NONE ? restart : Math.max(begin, progress.finished());
    }

    /** What to say on the present link, where the endpoint is bound; null where there is nothing. It counts as said. */
    synchronized @Nullable ClientFrame toSay(int ref, long nowMs) {
        if (nowMs < sayAtMs()) {
            return null;
        }
        said = true;
        saidAtMs = nowMs;
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        if (wish == Wish.UNFOLLOW) {
            return frame.setUnsubscribe(Unsubscribe.newBuilder().setRef(ref).setTopic(name))
                    .build();
        }
        Subscribe.Builder subscribe = Subscribe.newBuilder().setRef(ref).setTopic(name);
        if (confirmed) {
            subscribe.setAfter(goOnAfter());
        } else if (after != NONE) {
            subscribe.setAfter(after);
        } else if (last != NONE) {
            subscribe.setLast(last);
        }
        return frame.setSubscribe(subscribe).build();
    }

    /** When there is something to say; never, most of the time. */
    synchronized long sayAtMs() {
        return said || wish == Wish.NOTHING ? Long.MAX_VALUE : sayAtMs;
    }

    /** It could not be written. */
    synchronized void notSaid() {
        said = false;
    }

    /** The endpoint is not bound any more; on the next link all is said again that the room may not have heard. */
    synchronized void linkLost(long nowMs) {
        if (wish == Wish.UNFOLLOW && said && nowMs - saidAtMs >= SETTLED_MS) {
            wish = Wish.NOTHING;
        }
        said = false;
        if (confirmed) {
            last = (int) NONE;
        }
    }

    // ---- what the room answers ----

    /**
     * It sends what comes behind this offset. The room says so too of what it knows to be followed, and an answer does not tell to what it is
     * one: the beginning that the app named counts from an offset that is not behind it. Where the app wants the last messages, each offset on that link counts.
     */
    synchronized void subscribed(long offset) {
        if (wish == Wish.FOLLOW && said && (last != NONE || offset <= after)) {
            confirmed = true;
            begin = offset;
            restart = offset;
            after = NONE;
        }
    }

    /**
     * The same on the app's thread, in order with the messages. Only from here on the next link may begin there: what was sent before is not
     * finished with earlier.
     */
    synchronized void reached(long offset) {
        if (restart != NONE) {
            progress.restart(restart);
            restart = NONE;
        } else if (wish == Wish.FOLLOW && !confirmed && after == NONE && last == NONE) {
            confirmed = true;
            begin = offset;
        }
    }

    /** Refused, but to be tried again. */
    synchronized void sayAgainAt(long ms) {
        said = false;
        sayAtMs = ms;
    }

    /** Refused for good. */
    synchronized void refused() {
        wish = Wish.NOTHING;
    }

    /**
     * It could not go on, because the endpoint does not follow it any more. False: that is about what was said before the app's present wish, which
     * is not affected.
     */
    synchronized boolean ended() {
        boolean ended = wish == Wish.FOLLOW && confirmed;
        if (ended) {
            wish = Wish.NOTHING;
        }
        return ended;
    }
}
