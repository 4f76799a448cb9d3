package io.longline.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How often and for how long a Java process stood still for its collector or anything else of the JVM, from its own log: time to reach
 * the safepoint included.
 *
 * @param longestFor what the longest one was for, as the JVM calls it
 */
public record Stops(int count, double longestMs, double sumMs, String longestFor) {
    private static final Pattern STOP = Pattern.compile("Safepoint \"(\\w+)\".* Total:\\s+(\\d+) ns");

    /** What the bench itself causes. */
    private static final List<String> OURS =
            List.of("HeapInspection", "GC_HeapInspection", "FindDeadlocks", "PrintThreads");

    private static final double NANOS_A_MS = 1e6;

    /** The flag with which a process writes what is read here. */
    public static String flag(Path folder) {
        return "-Xlog:safepoint=info:file=\"" + folder.resolve("stops-%p.log") + "\"";
    }

    /** Of a process that was started with the flag. */
    public static Stops of(Path folder, long pid) {
        try (Stream<String> lines = Files.lines(folder.resolve("stops-" + pid + ".log"))) {
            return of(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " does not log its stops", e);
        }
    }

    static Stops of(Stream<String> lines) {
        int count = 0;
        long longest = 0;
        long sum = 0;
        String longestFor = "";
        for (String line : (Iterable<String>) lines::iterator) {
            Matcher stop = STOP.matcher(line);
            if (stop.find() && !OURS.contains(stop.group(1))) {
                long nanos = Long.parseLong(stop.group(2));
                count++;
                sum += nanos;
                if (nanos > longest) {
                    longest = nanos;
                    longestFor = stop.group(1);
                }
            }
        }
        return new Stops(count, longest / NANOS_A_MS, sum / NANOS_A_MS, longestFor);
    }
}
