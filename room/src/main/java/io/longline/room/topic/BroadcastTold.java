package io.longline.room.topic;

import io.longline.room.session.Message;
import java.nio.charset.StandardCharsets;

/** What became of one broadcast on one loop, so far. Of those that are not sent any more the message is not kept. */
final class BroadcastTold {
    private static final int FRAME = 64; // about what a frame has beside the payload

    private final String jobId;
    private final long expiresAtMs;
    private final long bytes;
    private final int place;
    private TopicHint hint;
    private boolean dropped;
    private long let;
    private long sent;
    private long acked;

    /**
     * Nobody was let have it yet.
     *
     * @param place among those that are kept
     */
    BroadcastTold(String jobId, long offset, long before, Message message, int place) {
        this.jobId = jobId;
        this.expiresAtMs = message.expiresAtMs();
        this.bytes = FRAME + payload(message);
        this.place = place;
        this.hint = new TopicHint(offset, before, message);
    }

    private static long payload(Message message) {
        String text = message.text();
        return text == null ? message.data().size() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    String jobId() {
        return jobId;
    }

    long offset() {
        return hint.offset();
    }

    /** The offset before it that anybody is to be sent. */
    long before() {
        return hint.before();
    }

    TopicHint hint() {
        return hint;
    }

    /** Nobody waits for it any more; whoever is to have it all the same reads it. */
    void retire() {
        hint = new TopicHint(hint.offset(), hint.before(), null);
    }

    int place() {
        return place;
    }

    /** That a client is sent, about. */
    long bytes() {
        return bytes;
    }

    boolean isExpired(long nowMs) {
        return expiresAtMs <= nowMs;
    }

    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    void let() {
        let++;
    }

    void sent() {
        sent++;
    }

    void acked() {
        acked++;
    }

    long countLet() {
        return let;
    }

    long countSent() {
        return sent;
    }

    long countAcked() {
        return acked;
    }
}
