package io.longline.keeper.rpc;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * The limits of calls between services.
 *
 * @param port where the server listens, 0: any free one
 * @param advertisePort under which others reach it, where something that hands connections on stands before it; 0: the port it
 *     listens on
 * @param maxMessageBytes the largest batch and the largest list of replies; also the largest single request
 * @param drain how long a closing server lets running batches finish
 */
public record RpcConfig(
        int port, int advertisePort, int maxMessageBytes, Duration drain, Outgoing outgoing, Incoming incoming) {

    /** Reached under the port it listens on. */
    public RpcConfig(int port, int maxMessageBytes, Duration drain, Outgoing outgoing, Incoming incoming) {
        this(port, 0, maxMessageBytes, drain, outgoing, incoming);
    }

    /**
     * What waits for one peer and what is under way to it.
     *
     * @param batchRequests requests in one batch, at most
     * @param batchBytes bytes in one batch, at most; a single larger request makes a batch of its own
     * @param queue what waits, for each method
     * @param inFlight what was sent and not answered, of all methods together
     * @param linger how long a call waits at most for others to share a batch with, and only while batches are under way
     * @param silence a peer that says nothing for so long although it was asked is given no more calls
     */
    public record Outgoing(
            int batchRequests, int batchBytes, Limit queue, Limit inFlight, Duration linger, Duration silence) {}

    /** So many requests, and so many bytes of them, at the same moment. */
    public record Limit(int requests, long bytes) {}

    /**
     * What a server works on.
     *
     * @param requests batched requests at the same moment
     * @param requestsOfMethod of these those of one method, so that one whose store hangs leaves room for the others
     * @param ofStream requests taken from one stream and not yet written back, and bytes of replies that were not; a stream
     *     beyond it is not read on
     * @param streams streaming answers at the same moment
     */
    public record Incoming(int requests, int requestsOfMethod, Limit ofStream, int streams) {}

    /** Keys {@code rpc.*}; the README of keeper has the table. */
    public static RpcConfig read(ConfigReader reader) {
        RpcConfig def = defaults();
        return new RpcConfig(
                reader.port("rpc.port", def.port),
                reader.port("rpc.advertise-port", def.advertisePort),
                (int) Math.min(Integer.MAX_VALUE, reader.size("rpc.max-message", "64MiB")),
                reader.duration("rpc.drain", "5s"),
                new Outgoing(
                        reader.integer("rpc.batch-requests", def.outgoing.batchRequests, 1, 10_000),
                        (int) Math.min(Integer.MAX_VALUE, reader.size("rpc.batch-bytes", "256KiB")),
                        new Limit(
                                reader.integer("rpc.queue-requests", def.outgoing.queue.requests, 1, 10_000_000),
                                reader.size("rpc.queue-bytes", "32MiB")),
                        new Limit(
                                reader.integer("rpc.in-flight-requests", def.outgoing.inFlight.requests, 1, 1_000_000),
                                reader.size("rpc.in-flight-bytes", "16MiB")),
                        reader.duration("rpc.linger", "5ms"),
                        reader.duration("rpc.silence", "750ms")),
                new Incoming(
                        reader.integer("rpc.server-requests", def.incoming.requests, 1, 10_000_000),
                        reader.integer("rpc.server-requests-of-method", def.incoming.requestsOfMethod, 1, 10_000_000),
                        new Limit(
                                reader.integer(
                                        "rpc.server-requests-of-stream", def.incoming.ofStream.requests, 1, 10_000_000),
                                reader.size("rpc.server-bytes-of-stream", "16MiB")),
                        reader.integer("rpc.server-streams", def.incoming.streams, 1, 10_000)));
    }

    /** What {@link #read} gives where nothing is configured. */
    public static RpcConfig defaults() {
        return new RpcConfig(
                0,
                64 << 20,
                Duration.ofSeconds(5),
                new Outgoing(
                        128,
                        256 << 10,
                        new Limit(10_000, 32 << 20),
                        new Limit(4_096, 16 << 20),
                        Duration.ofMillis(5),
                        Duration.ofMillis(750)),
                new Incoming(32_768, 16_384, new Limit(8_192, 16 << 20), 16));
    }
}
