package io.longline.center.job;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids of jobs. */
public final class JobId {

    private JobId() {}

    /** In the order of time; no two are the same. */
    public static String next(long nowMs) {
        return "j%011x-%s"
                .formatted(
                        nowMs,
                        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }
}
