package io.longline.room.transport.loop;

import io.longline.room.transport.door.Door;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who has connected to a listening socket, and waits to be taken in. */
public final class Backlog {
    private static final Logger log = LoggerFactory.getLogger(Backlog.class);
    private static final int MAX_ADDRESS_BYTES = 32;
    private static final int ECONNABORTED = -103; // who came is gone already

    private Backlog() {}

    /**
     * Takes in the next, without waiting.
     *
     * @param address room for where it comes from: the length of the address and port, then these
     * @return its descriptor; below 0: nobody waits
     */
    public static int next(Socket listening, byte[] address) throws IOException {
        while (true) {
            try {
                return listening.accept(address);
            } catch (Errors.NativeIoException e) {
                if (e.expectedErr() != ECONNABORTED) {
                    throw e;
                }
            }
        }
    }

    /**
     * After a long stop: closes all who wait, without a byte. What they have said is as old as the stop: a bind would replace the one that
     * the client has elsewhere since. Of a socket that is closed nobody waits.
     */
    public static void turnAway(Socket listening, Door door) {
        byte[] address = address();
        try {
            int number = listening.isOpen() ? next(listening, address) : -1;
            while (number >= 0) {
                new Socket(number).close();
                door.cameBeforeAStop();
                number = next(listening, address);
            }
        } catch (IOException e) {
            log.warn("who connected while the room was stopped may be taken in", e);
        }
    }

    /** Room for an address. */
    public static byte[] address() {
        return new byte[MAX_ADDRESS_BYTES];
    }
}
