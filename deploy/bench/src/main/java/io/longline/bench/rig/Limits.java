package io.longline.bench.rig;

import com.sun.management.UnixOperatingSystemMXBean;
import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine allows. Each check throws a {@link ClusterException} that says what to change. */
public final class Limits {
    /** What a process needs beside its links. */
    private static final long FILES_BESIDES = 1_000;

    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private Limits() {}

    /** For links of one process, which inherits this one's limit. */
    public static void requireFiles(int links) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            requireFiles(links, system.getMaxFileDescriptorCount());
        }
    }

    static void requireFiles(int links, long limit) {
        long needed = links + FILES_BESIDES;
        if (needed > limit) {
            throw new ClusterException(("%d links need %d open files in one process, and it may have %d:"
                            + " raise the limit (ulimit -n %d), or take fewer")
                    .formatted(links, needed, limit, needed));
        }
    }

    /** For links from this machine to one port of it. */
    public static void requirePorts(int links) {
        try {
            // in one read: the kernel does not give such a file in pieces
            String[] range = Files.readAllLines(PORTS).getFirst().split("\\s+", -1);
            requirePorts(links, Integer.parseInt(range[0]), Integer.parseInt(range[1]));
        } catch (IOException e) {
            // not Linux: it shows when they connect
        }
    }

    static void requirePorts(int links, int from, int to) {
        if (links > to - from) {
            throw new ClusterException(("%d links to one port need as many ports of their own, and there are %d:"
                            + " widen them (sysctl net.ipv4.ip_local_port_range=\"10000 65000\"), or take fewer")
                    .formatted(links, to - from));
        }
    }
}
