package io.longline.room.transport.loop;

import java.io.IOException;

/** Takes in what connects, and makes guests of it. */
public interface Acceptor extends AutoCloseable {

    /**
     * Opens a port and answers which one.
     *
     * @param port 0: any free one
     */
    int listen(int port) throws IOException;

    /** Takes in nobody any more. Who is there stays. */
    @Override
    void close();
}
