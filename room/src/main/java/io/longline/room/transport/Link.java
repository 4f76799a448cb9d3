package io.longline.room.transport;

import io.longline.v1.ServerFrame;
import java.time.Duration;

/**
 * One connection to a client, whatever it speaks. All methods are called on its loop. After it is closed, by either side,
 * all of them do nothing.
 */
public interface Link {

    Loop loop();

    /** Appends a frame; it leaves with the next flush. Always taken: whoever sends much asks {@link #writable} first. */
    void write(ServerFrame frame);

    /** The same of a frame that goes to other links of this loop, too. */
    default void write(SharedFrame frame) {
        write(frame.frame());
    }

    /** What was written leaves at the end of the loop's present work, so that several callers cost one send. */
    void flush();

    /** False while the client takes things slower than they are written. The listener is told when that is over. */
    boolean writable();

    /** Whether frames are read; turned off when there are more than can be worked on. */
    void readable(boolean read);

    /** Until this is said, the link must have come to it within the time for {@code hello}. From here on it may be silent for so long. */
    void allowSilence(Duration time);

    /** Writes {@code close} and ends the link. The listener is told at once; the socket goes when the client had time to read. */
    void close(Ending ending);

    boolean isOpen();

    /** The client's address, for logs. */
    String remote();
}
