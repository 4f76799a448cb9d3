package io.longline.stores;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Java, class path and JVM flags of this process, for those that it starts.
 *
 * <p>Tests run on folders of classes, which no start cache can be for. So the system property {@code longline.child.class-path}
 * names what children run on instead, and {@code longline.child.start-cache} the cache made for it; a class path may go on
 * behind what the cache knows.
 */
public final class OwnJava {
    private static final String CACHE_FLAG = "-XX:AOTCache=";
    /** A cache that does not fit is not used, and that is all. */
    private static final String QUIET_FLAG = "-Xlog:aot*=off";

    private OwnJava() {}

    /** The program, to begin a command with. */
    public static String program() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    public static String classPath() {
        return System.getProperty("longline.child.class-path", System.getProperty("java.class.path"));
    }

    /** Those of this process, with the cache. */
    public static List<String> flags() {
        List<String> flags =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        flags.removeIf(OwnJava::concernsCache);
        flags.addAll(cacheFlags());
        return flags;
    }

    /** For a process with flags of its own, which must use compact object headers as this one does; none if there is no cache. */
    public static List<String> cacheFlags() {
        String given = System.getProperty("longline.child.start-cache", "");
        if (given.isEmpty()) {
            return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(OwnJava::concernsCache)
                    .toList();
        }
        return Files.exists(Path.of(given)) ? List.of(CACHE_FLAG + given, QUIET_FLAG) : List.of();
    }

    private static boolean concernsCache(String flag) {
        return flag.startsWith(CACHE_FLAG) || flag.equals(QUIET_FLAG);
    }
}
