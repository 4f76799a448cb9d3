package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.config.ConfigText;
import io.longline.keeper.live.ConfigVersion;
import io.longline.keeper.live.ZkConfigNode;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a service's configuration in ZooKeeper was, for people to read. */
final class ConfigVersions {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String service;
    private final ZkConfigNode node;
    private final List<ConfigVersion> versions;

    ConfigVersions(ServiceKind kind, ZkConfigNode node) {
        this.service = kind.word();
        this.node = node;
        this.versions = node.history();
    }

    /** Null: the key is there no longer. */
    static Map<String, @Nullable String> changes(Map<String, String> before, Map<String, String> after) {
        Map<String, @Nullable String> changes = new TreeMap<>();
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(key -> changes.put(key, null));
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                changes.put(key, value);
            }
        });
        return changes;
    }

    void printAll(PrintWriter out) {
        if (!versions.isEmpty()) {
            out.println("# " + service);
        }
        @Nullable Map<String, String> before = null;
        for (ConfigVersion version : versions) {
            out.println(version.number() + "  " + TIME.format(version.at()) + "  " + version.by());
            if (before != null || version.number() == 1) { // else what it was changed from is not kept any more
                print(before == null ? Map.of() : before, version.values(), out);
            }
            before = version.values();
        }
    }

    void printLast(PrintWriter out) {
        if (!versions.isEmpty()) {
            ConfigVersion last = versions.getLast();
            out.println("# " + service + " " + last.number());
            print(
                    versions.size() < 2
                            ? Map.of()
                            : versions.get(versions.size() - 2).values(),
                    last.values(),
                    out);
        }
    }

    /** @param to null: as it is now */
    void printDifference(long from, @Nullable Long to, PrintWriter out) {
        out.println("# " + service + " " + from + " to "
                + Optional.ofNullable(to).map(String::valueOf).orElse("now"));
        print(valuesOf(from), to == null ? node.read() : valuesOf(to), out);
    }

    Map<String, String> valuesOf(long number) {
        return versions.stream()
                .filter(version -> version.number() == number)
                .findFirst()
                .map(ConfigVersion::values)
                .orElseThrow(() -> new ClusterException("there is no version " + number + " of the configuration of "
                        + service + "; `longline config history --service " + service + "` prints those there are"));
    }

    private static void print(Map<String, String> before, Map<String, String> after, PrintWriter out) {
        changes(before, after).forEach((key, value) -> {
            print('-', key, before.get(key), out);
            print('+', key, value, out);
        });
    }

    private static void print(char sign, String key, @Nullable String value, PrintWriter out) {
        if (value != null) {
            out.println(sign + " " + key + " = " + ConfigText.masked(key, value));
        }
    }
}
