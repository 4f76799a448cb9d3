package io.longline.saver.schedule;

import com.google.protobuf.ByteString;
import io.longline.saver.message.MessageId;
import java.util.List;

/**
 * What is due in a shard, and begun by having been asked for.
 *
 * @param run names what is begun here; the time of the store
 * @param waiting how many are kept in the shard
 * @param more whether more are due
 */
record Due(long run, List<Message> messages, long waiting, boolean more) {

    /** @param tries how often it was begun, this time included */
    record Message(MessageId id, long sendAtMs, int tries, ByteString push) {}
}
