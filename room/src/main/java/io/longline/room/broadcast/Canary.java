package io.longline.room.broadcast;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * So many users of 1,000 have a broadcast before all others do: the same in every room, all devices of a user alike, other ones with each job.
 * Pure.
 *
 * @param permille 0: everybody is in it
 */
public record Canary(String product, String jobId, int permille) {
    private static final int ALL = 1_000;

    public boolean has(String user) {
        return permille == 0 || permille >= ALL || number(user) < permille;
    }

    /** From 0 to 999. */
    long number(String user) {
        CRC32C crc = new CRC32C();
        crc.update(product.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(user.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(jobId.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % ALL;
    }
}
