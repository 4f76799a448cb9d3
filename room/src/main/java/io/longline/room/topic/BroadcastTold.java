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
    private long waiting;
    private boolean begunAgain;
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

    /** It is to be sent after all, or by somebody else. */
    void again(long before, Message message) {
        hint = new TopicHint(hint.offset(), before, message);
        begunAgain = let > 0;
    }

    /** What stands before it is another one from now on: that one was dropped. */
    void follows(long before) {
        hint = new TopicHint(hint.offset(), before, hint.message());
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

    /** So many more wait for it; less than 0: fewer. */
    void wait(int more) {
        waiting += more;
    }

    void nobodyWaits() {
        waiting = 0;
    }

    long countWaiting() {
        return waiting;
    }

    /** Some had it already when it was begun: who was not looked at yet may be one of them. */
    boolean isBegunAgain() {
        return begunAgain;
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
