package io.longline.saver.rebuild;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.rpc.v1.Message;

/** Reads what a restore has to know of a message that the journal holds as bytes. */
public final class JournaledMessages {
    private JournaledMessages() {}

    /** The journal has no column for it. A message that cannot be read is restored as it is, and replaces nothing. */
    public static String collapseKey(ByteString message) {
        try {
            return Message.parseFrom(message).getCollapseKey();
        } catch (InvalidProtocolBufferException e) {
            return "";
        }
    }
}
