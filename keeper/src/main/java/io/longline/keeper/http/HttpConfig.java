package io.longline.keeper.http;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * Where an HTTP server listens and what it takes.
 *
 * @param port where the server listens, 0: any free one
 * @param advertisePort under which others reach it, where something that hands connections on stands before it; 0: the port it
 *     listens on
 * @param maxBodyBytes larger request bodies are 413
 * @param maxRequests requests at the same moment; beyond: 503 OVERLOADED
 * @param maxConnections connections at the same moment, though no more than a third of the files that the process may have open; beyond, callers wait to be accepted
 * @param idle a connection without a request for so long is closed, and one whose request's body takes so long
 * @param drain how long a closing server lets running requests finish
 */
public record HttpConfig(
        int port,
        int advertisePort,
        long maxBodyBytes,
        int maxRequests,
        int maxConnections,
        Duration idle,
        Duration drain) {

    /** Reached under the port it listens on. */
    public HttpConfig(int port, long maxBodyBytes, int maxRequests, int maxConnections, Duration idle, Duration drain) {
        this(port, 0, maxBodyBytes, maxRequests, maxConnections, idle, drain);
    }

    /** Keys {@code <prefix>.port}, {@code .advertise-port}, {@code .max-body}, {@code .max-requests}, {@code .max-connections}, {@code .idle}, {@code .drain}. */
    public static HttpConfig read(ConfigReader reader, String prefix, int defaultPort) {
        HttpConfig def = onPort(defaultPort);
        return new HttpConfig(
                reader.port(prefix + ".port", def.port),
                reader.port(prefix + ".advertise-port", def.advertisePort),
                reader.size(prefix + ".max-body", "1MiB"),
                reader.integer(prefix + ".max-requests", def.maxRequests, 1, 1_000_000),
                reader.integer(prefix + ".max-connections", def.maxConnections, 1, 1_000_000),
                reader.duration(prefix + ".idle", "75s"),
                reader.duration(prefix + ".drain", "5s"));
    }

    /** The same for a port to which few come. */
    public HttpConfig withMaxConnections(int most) {
        return new HttpConfig(port, advertisePort, maxBodyBytes, maxRequests, most, idle, drain);
    }

    /** The defaults, on that port. */
    public static HttpConfig onPort(int port) {
        return new HttpConfig(port, 1 << 20, 4_096, 10_000, Duration.ofSeconds(75), Duration.ofSeconds(5));
    }
}
