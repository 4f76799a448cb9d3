package io.longline.deploy.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import io.longline.deploy.cluster.ClusterException;
import java.lang.management.ManagementFactory;

/** How many files this process, and those that it starts, may have open. */
final class OpenFiles {
    /** What a process needs beside its links. */
    private static final long BESIDES = 1_000;

    private OpenFiles() {}

    /** Throws a {@link ClusterException} that says what to do, where so many links are too many. */
    static void require(int links) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            require(links, system.getMaxFileDescriptorCount());
        }
    }

    static void require(int links, long limit) {
        long needed = links + BESIDES;
        if (needed > limit) {
            throw new ClusterException(
                    "%d links need %d open files, and this process may have %d: raise the limit (ulimit -n %d),"
                                    .formatted(links, needed, limit, needed)
                            + " or put more sessions on a link");
        }
    }
}
