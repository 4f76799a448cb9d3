package io.longline.room.session;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to a session.
 *
 * @param text the payload as characters; absent: {@code data} is the payload, unless {@code notifyOnly}
 * @param expiresAtMs not written from then on; equal to {@code sentAtMs}: now or never
 * @param priority as in frames: {@code high}, {@code normal}, {@code low}
 * @param collapseKey empty: none; likewise {@code inReplyTo} and {@code pullKey}
 * @param notifyOnly it has no payload; its app pulls what it needs, at a random moment within {@code spreadS} seconds
 */
public record Message(
        String id,
        @Nullable String text,
        ByteString data,
        long sentAtMs,
        long expiresAtMs,
        String priority,
        int qos,
        String collapseKey,
        String inReplyTo,
        String pullKey,
        boolean notifyOnly,
        int spreadS) {

    /** It is for who is there this moment; nobody waits for it later. */
    public boolean nowOrNever() {
        return expiresAtMs <= sentAtMs;
    }

    public boolean expired(long nowMs) {
        return expiresAtMs <= nowMs;
    }

    /** Of the payload, about: a character counts as one byte. */
    public int payloadSize() {
        return text == null ? data.size() : text.length();
    }

    /** No more than it had: our notion of the store's clock may be some milliseconds behind. */
    long ttlLeftMs(long nowMs) {
        return Math.max(0, expiresAtMs - Math.max(nowMs, sentAtMs));
    }

    /** It can still be written by a load. */
    boolean waits(long nowMs) {
        return !nowOrNever() && !expired(nowMs);
    }
}
