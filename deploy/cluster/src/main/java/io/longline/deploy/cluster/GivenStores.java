package io.longline.deploy.cluster;

import java.util.Optional;

/**
 * Stores to be used instead of embedded ones.
 *
 * @param redis {@code redis://HOST:PORT}
 * @param mysql a JDBC URL
 * @param zookeeper {@code HOST:PORT,...}
 */
public record GivenStores(Optional<String> redis, Optional<String> mysql, Optional<String> zookeeper) {

    /** All three are embedded. */
    public static final GivenStores NONE = new GivenStores(Optional.empty(), Optional.empty(), Optional.empty());
}
