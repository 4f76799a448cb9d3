package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * The next messages of an inbox.
 *
 * @param more there are further ones
 * @param upto everything up to here is in {@code messages} or gone
 * @param pending how many are in the inbox
 * @param neverAcksMs over 0: nothing was read, and the client is to stay away so long
 * @param replaced nothing was read, because a later session has begun to read
 * @param acked everything up to here is acknowledged
 */
record Page(
        List<Stored> messages, boolean more, long upto, long pending, long neverAcksMs, boolean replaced, long acked) {

    record Stored(long seq, ByteString message) {}
}
