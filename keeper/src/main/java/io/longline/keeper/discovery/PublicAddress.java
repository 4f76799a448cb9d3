package io.longline.keeper.discovery;

import org.jspecify.annotations.Nullable;

/**
 * Where clients reach a room.
 *
 * @param tlsName the name in its certificate, "" without TLS
 * @param region "" where regions play no part
 */
public record PublicAddress(String host, int port, boolean tls, String tlsName, String region) {

    public PublicAddress {
        tlsName = orEmpty(tlsName);
        region = orEmpty(region);
    }

    /** What an older release did not write is absent in its JSON. */
    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
