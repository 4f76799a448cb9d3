package io.longline.sdk;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.v1.Push;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A message that waits for its pull. */
final class Pull {
    private static final long MAX_SPREAD_MS = TimeUnit.DAYS.toMillis(1);
    private static final long MAX_TTL_MS = TimeUnit.DAYS.toMillis(30);

    private final long number;
    private final long receivedAtMs;
    private Message message;
    private int tries;
    private long dueAtMs;
    private long endsAtMs;

    /**
     * Received at {@code receivedAtMs} by the wall clock, the only one that goes on while an app is not there.
     *
     * @param number under which it is kept: the seq of one of the inbox, a number below 0 of one of a topic, because two topics may have the same
     *     offsets; 0: it is not kept
     */
    Pull(Message message, long number, long receivedAtMs) {
        this.message = message;
        this.number = number;
        this.receivedAtMs = receivedAtMs;
    }

    /**
     * Sets its times, on the clock that nobody sets. However the wall clock was set meanwhile, they are not later than on the first day.
     *
     * @param share how much of the spread is to be waited, from 0 to 1
     */
    void schedule(long nowMs, long wallNowMs, double share) {
        long ttlMs = within(message.ttlMs(), MAX_TTL_MS);
        long goneMs = within(wallNowMs - receivedAtMs, ttlMs);
        long spreadMs = Math.min(ttlMs, within(1_000L * message.spreadS(), MAX_SPREAD_MS));
        long waitMs = message.maybeRepeated() ? 0 : (long) (share * Math.max(0, spreadMs - goneMs));
        dueAtMs = nowMs + waitMs;
        endsAtMs = nowMs + ttlMs - goneMs;
    }

    /** The numbers are the room's, and they are added to a clock. */
    private static long within(long ms, long mostMs) {
        return Math.max(0, Math.min(mostMs, ms));
    }

    Message message() {
        return message;
    }

    long number() {
        return number;
    }

    long dueAtMs() {
        return dueAtMs;
    }

    void notLaterThan(long ms) {
        dueAtMs = Math.min(dueAtMs, ms);
    }

    /** Its time to live has ended, and the app was asked at least once. */
    boolean isOver(long nowMs) {
        return message.maybeRepeated() && nowMs >= endsAtMs;
    }

    /** The app is about to be asked, and that is kept. */
    void begin() {
        message = message.repeated();
    }

    /** The app has nothing yet; answers how often that was in a row, from 0. */
    int nothingYet() {
        return tries++;
    }

    /** After the wait, or when its time to live ends; where that has ended and the app could not be asked, after the wait. */
    void askAgain(long nowMs, long waitMs) {
        boolean endCounts = message.maybeRepeated() || nowMs < endsAtMs;
        dueAtMs = endCounts ? Math.min(nowMs + waitMs, endsAtMs) : nowMs + waitMs;
    }

    /**
     * Whether a newer message of the same inbox or topic makes this one needless: it is the same one, or has the same collapse key. What is sure to be handed over does not
     * give way to what is not.
     */
    boolean givesWayTo(Message newer) {
        if (!message.endpoint().equals(newer.endpoint())
                || !Objects.equals(message.topic(), newer.topic())
                || (message.position() != 0 && newer.position() == 0)) {
            return false;
        }
        String collapseKey = message.collapseKey();
        return (message.position() != 0 && message.position() == newer.position())
                || (collapseKey != null && collapseKey.equals(newer.collapseKey()));
    }

    // ---- as it is kept: <received at>,<maybe repeated>,<the push in base64> ----

    String text(boolean maybeRepeated) {
        String push = Base64.getEncoder().encodeToString(message.push().toByteArray());
        return receivedAtMs + "," + maybeRepeated + "," + push;
    }

    /** Null where the text is none of ours. */
    static @Nullable Pull read(String endpoint, String product, String user, long number, String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            Push push = Push.parseFrom(Base64.getDecoder().decode(parts[2]));
            Message message = new Message(endpoint, product, user, push, Boolean.parseBoolean(parts[1]));
            return new Pull(message, number, Long.parseLong(parts[0]));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return null;
        }
    }
}
