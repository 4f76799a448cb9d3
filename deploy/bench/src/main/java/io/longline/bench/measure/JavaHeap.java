package io.longline.bench.measure;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.faults.Jcmd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lives on the heap of a Java process, by class, in bytes. */
public record JavaHeap(Map<String, Long> bytesOfClasses) {
    private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    /** Collects first. Needs {@code jcmd}, which a JDK has; never of this process, which would wait for itself. */
    public static JavaHeap of(long pid) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        Jcmd.run(pid, "GC.class_histogram").lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                bytes.put(row.group(2), Long.parseLong(row.group(1)));
            }
        });
        if (bytes.isEmpty()) {
            throw new ClusterException("jcmd tells nothing of process " + pid);
        }
        return new JavaHeap(bytes);
    }

    public long total() {
        return bytesOfClasses.values().stream().mapToLong(Long::longValue).sum();
    }

    public long of(String className) {
        return bytesOfClasses.getOrDefault(className, 0L);
    }
}
