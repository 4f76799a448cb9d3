package io.longline.room.fake;

import com.google.protobuf.ByteString;
import io.longline.room.session.Message;
import io.longline.room.session.Page;
import io.longline.room.session.StoredMessage;
import java.util.Arrays;

/** Messages for tests. */
public final class Sample {
    private Sample() {}

    /** Sent at 0; its id is {@code m} and the number. */
    public static Message message(long number) {
        return expiring(number, 1_000_000);
    }

    public static Message expiring(long number, long expiresAtMs) {
        return keyed(number, "", expiresAtMs);
    }

    /** With a collapse key. */
    public static Message keyed(long number, String collapseKey) {
        return keyed(number, collapseKey, 1_000_000);
    }

    public static Message keyed(long number, String collapseKey, long expiresAtMs) {
        return new Message(
                "m" + number, "text", ByteString.EMPTY, 0, expiresAtMs, "normal", 1, collapseKey, "", "", false, 0);
    }

    public static Message nowOrNever(long number) {
        return expiring(number, 0);
    }

    /** QoS 0. */
    public static Message fleeting() {
        return new Message("m0", null, ByteString.copyFromUtf8("x"), 0, 1_000, "high", 0, "", "", "", false, 0);
    }

    /** A page of messages with these seqs that ends the inbox. */
    public static Page last(Integer... seqs) {
        return new Page(
                Arrays.stream(seqs)
                        .map(seq -> new StoredMessage(seq, message(seq)))
                        .toList(),
                false,
                seqs.length == 0 ? 0 : seqs[seqs.length - 1]);
    }

    /** A page of messages with these seqs, after which there is more. */
    public static Page first(Integer... seqs) {
        Page page = last(seqs);
        return new Page(page.messages(), true, page.upto());
    }
}
