package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Who gets what is stored for {@code default}.
 *
 * @param heir the device, {@code default} itself, or empty: nobody yet
 * @param version when that was decided, a number of the user's counter
 * @param journaled whether the journal has it
 * @param gone what the journal does not have yet: seqs under which a message of {@code default} lives no longer
 * @param fresh likewise, all messages that the heir took over and still has, as they are now
 * @param held likewise, seqs that the heir took over as they are
 */
record Inheritance(String heir, long version, boolean journaled, List<Long> gone, List<Taken> fresh, List<Long> held) {

    record Taken(long seq, long expiresAtMs, String messageId, ByteString message) {}
}
