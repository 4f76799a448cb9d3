package io.longline.deploy.faults;

import java.time.Duration;

/**
 * A fault of the network between two parts, for what they say to each other, whoever opened the connection. What was set earlier on the same cut is replaced; cuts of the same parts add up: the latencies, the lowest bandwidth, and a black
 * hole or a reset if one of them is one. Each method returns at once and holds for connections that are there and for new ones.
 */
public interface Cut extends AutoCloseable {

    /** Whoever is no part of the cluster: clients of rooms, back ends, this process. */
    String OUTSIDE = "outside";

    /** Every part, and the outside. */
    String ALL = "*";

    /** Nothing passes, not even the end of a connection: established ones stay, new ones hang. {@link #heal} lets it all go on. */
    void blackHole();

    /** Connections are reset, and so are new ones until {@link #heal}. */
    void reset();

    /** Everything arrives so much later. */
    void latency(Duration latency);

    /** At most so much a second in either direction, for each connection. */
    void bandwidth(long bytesPerSecond);

    /** All of it is over. */
    void heal();

    /** {@link #heal}. */
    @Override
    default void close() {
        heal();
    }
}
