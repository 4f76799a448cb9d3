package io.longline.bench.measure;

import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        jcmd(pid, "GC.class_histogram").lines().forEach(line -> {
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

    private static String jcmd(long pid, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ClusterException("jcmd failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new ClusterException("needs jcmd, of a JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }
}
