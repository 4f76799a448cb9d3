package io.longline.keeper.shard;

import io.longline.keeper.error.LonglineException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The shard of a key: CRC32C of its UTF-8 parts joined by a zero byte, modulo {@link #COUNT}. */
public final class Shards {
    public static final int COUNT = 256;

    private Shards() {}

    /** The shard of an endpoint (product and user), a message id, a topic. */
    public static int of(String product, String userOrIdOrTopic) {
        return (int) key(product, userOrIdOrTopic);
    }

    /** For {@code Peers.byKey}: the shard itself, so that one peer sees all batches of a shard. */
    public static long key(String... parts) {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                crc.update(0);
            }
            crc.update(parts[i].getBytes(StandardCharsets.UTF_8));
        }
        return crc.getValue() % COUNT;
    }

    /** One that comes from outside; INVALID_ARGUMENT names its field. */
    public static int require(String field, int shard) {
        if (shard < 0 || shard >= COUNT) {
            throw LonglineException.invalid(
                    field, "is " + Integer.toUnsignedString(shard) + ", expected 0 to " + (COUNT - 1));
        }
        return shard;
    }

    /** The hash tag that a shard's Redis keys begin with, {@code {s12}}: one slot, also on Redis Cluster. */
    public static String tag(int shard) {
        if (shard < 0 || shard >= COUNT) {
            throw new IllegalArgumentException("shard " + shard + ", expected 0 to " + (COUNT - 1));
        }
        return "{s" + shard + "}";
    }
}
