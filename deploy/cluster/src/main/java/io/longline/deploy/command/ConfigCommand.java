package io.longline.deploy.command;

import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.config.ConfigText;
import io.longline.keeper.live.ZkConfigNode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code longline config get|set|unset|diff|history|rollback}: the part of the configuration that is in ZooKeeper. */
@Command(name = "config", description = "Shows and changes the configuration in ZooKeeper.")
final class ConfigCommand implements Runnable {

    private static final BufferedReader INPUT =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: get, set, unset, diff, history or rollback");
    }

    @Command(
            name = "get",
            description = "Prints what is set in ZooKeeper; secrets only where they are asked for by key.")
    int get(
            @Mixin ClusterAddress address,
            @Mixin OfService of,
            @Parameters(arity = "0..1", paramLabel = "KEY", description = "Prints its value alone; 1 if it is not set.")
                    @Nullable
                    String key) {
        try (ClusterAccess cluster = address.open()) {
            if (key != null) {
                Optional<String> value =
                        Optional.ofNullable(read(cluster, of.kind(key)).get(key));
                value.ifPresent(out()::println);
                return value.isPresent() ? 0 : 1;
            }
            of.kinds().forEach(kind -> print(kind, read(cluster, kind)));
            return 0;
        }
    }

    private static Map<String, String> read(ClusterAccess cluster, ServiceKind kind) {
        return cluster.config(kind.word()).read();
    }

    private void print(ServiceKind kind, Map<String, String> values) {
        if (!values.isEmpty()) {
            out().println("# " + kind.word());
            new TreeMap<>(values).forEach((key, value) -> out().println(key + " = " + ConfigText.masked(key, value)));
        }
    }

    @Command(
            name = "set",
            description = "Changes values. All of them are checked first, together with what is set already: one error,"
                    + " and nothing is changed.",
            footer = {"", "A service takes environment and flags before ZooKeeper, and ZooKeeper before its file."})
    void set(
            @Mixin ClusterAddress address,
            @Mixin OfService of,
            @Parameters(
                            arity = "1..*",
                            paramLabel = "KEY[=VALUE]",
                            description = "The value of a key without one is read from standard input, a line each.")
                    List<String> changes) {
        Map<String, String> values = new LinkedHashMap<>();
        changes.forEach(change -> {
            int equals = change.indexOf('=');
            values.put(
                    equals < 0 ? change : change.substring(0, equals).strip(),
                    equals < 0 ? asked(change) : change.substring(equals + 1).strip());
        });
        change("set", address, of, values);
    }

    @Command(name = "unset", description = "Takes values away: the file's or the default counts from then on.")
    void unset(
            @Mixin ClusterAddress address,
            @Mixin OfService of,
            @Parameters(arity = "1..*", paramLabel = "KEY") List<String> keys) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        keys.forEach(key -> values.put(key, null));
        change("unset", address, of, values);
    }

    @Command(
            name = "history",
            description = "Prints the changes of late: number, time, who made it, and what it was; secrets masked.")
    void history(@Mixin ClusterAddress address, @Mixin OfService of) {
        try (ClusterAccess cluster = address.open()) {
            of.kinds().forEach(kind -> new ConfigVersions(kind, cluster.config(kind.word())).printAll(out()));
        }
    }

    @Command(
            name = "diff",
            description = "Prints what differs between two versions; secrets masked. Without numbers: what the last"
                    + " change was.")
    void diff(
            @Mixin ClusterAddress address,
            @Mixin OfService of,
            @Parameters(arity = "0..1", paramLabel = "FROM", description = "A number that history prints.") @Nullable
                    Long from,
            @Parameters(arity = "0..1", paramLabel = "TO", description = "Another one; default: what is set now.")
                    @Nullable
                    Long to) {
        try (ClusterAccess cluster = address.open()) {
            if (from == null) {
                of.kinds().forEach(kind -> new ConfigVersions(kind, cluster.config(kind.word())).printLast(out()));
            } else {
                ServiceKind kind = of.only();
                new ConfigVersions(kind, cluster.config(kind.word())).printDifference(from, to, out());
            }
        }
    }

    @Command(
            name = "rollback",
            description = "Sets all of a service's configuration to what it was after a change, checked like any other"
                    + " change; it is one itself.")
    void rollback(
            @Mixin ClusterAddress address,
            @Mixin OfService of,
            @Parameters(paramLabel = "NUMBER", description = "As history prints it.") long number) {
        ServiceKind kind = of.only();
        try (ClusterAccess cluster = address.open()) {
            ZkConfigNode node = cluster.config(kind.word());
            Map<String, String> then = new ConfigVersions(kind, node).valuesOf(number);
            Map<String, @Nullable String> changes = new TreeMap<>();
            node.update(by("rollback " + number), before -> {
                changes.clear();
                changes.putAll(ConfigVersions.changes(before, then));
                return checked(kind, before, changes);
            });
            if (changes.isEmpty()) {
                out().println(kind.word() + ": is as it was in version " + number);
            }
            tell(kind, changes);
        }
    }

    /** For the history. */
    private static String by(String command) {
        return System.getProperty("user.name", "somebody") + ", config " + command;
    }

    /** Not an argument, which others on the machine could see. */
    @SuppressWarnings("SystemConsoleNull") // null again from JDK 25 on, where there is none
    private String asked(String key) {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("%s = ", key);
            return typed == null ? none(key) : new String(typed).strip();
        }
        try {
            String line = INPUT.readLine();
            return line == null ? none(key) : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String none(String key) {
        throw new ParameterException(spec.commandLine(), "no value of " + key + " came from standard input");
    }

    private void change(String command, ClusterAddress address, OfService of, Map<String, @Nullable String> changes) {
        Map<ServiceKind, Map<String, @Nullable String>> byService = new TreeMap<>();
        changes.forEach((key, value) -> byService
                .computeIfAbsent(of.kind(key), _ -> new LinkedHashMap<>())
                .put(key, value));
        try (ClusterAccess cluster = address.open()) {
            List<String> problems = new ArrayList<>();
            byService.forEach((kind, own) -> problems.addAll(problems(kind, read(cluster, kind), own)));
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            byService.forEach((kind, own) ->
                    cluster.config(kind.word()).update(by(command), before -> checked(kind, before, own)));
        }
        byService.forEach(this::tell);
    }

    private static List<String> problems(
            ServiceKind kind, Map<String, String> before, Map<String, @Nullable String> changes) {
        try {
            var _ = checked(kind, before, changes);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    /** What comes out, if the service can be started with it. */
    private static Map<String, String> checked(
            ServiceKind kind, Map<String, String> before, Map<String, @Nullable String> changes) {
        Map<String, String> after = new LinkedHashMap<>(before);
        changes.forEach((key, value) -> {
            if (value == null) {
                after.remove(key);
            } else {
                after.put(key, value);
            }
        });
        var _ = kind.checked(ConfigSource.builder().zookeeper(after).build());
        return after;
    }

    private void tell(ServiceKind kind, Map<String, @Nullable String> changes) {
        changes.keySet()
                .forEach(key -> out().println(kind.word() + ": " + key
                        + (kind.liveKeys().contains(key)
                                ? " takes effect now"
                                : " takes effect when a " + kind.word() + " is started again")));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Of which service the keys are: by their first word, where that says it. */
    static final class OfService {
        private static final Map<String, ServiceKind> OTHER_WORDS = Map.of("operator", ServiceKind.CENTER);

        @Spec(Spec.Target.MIXEE)
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Option(
                names = "--service",
                paramLabel = "NAME",
                description = "Of which service; keys that begin with its name say so themselves.")
        private @Nullable String service;

        List<ServiceKind> kinds() {
            return service == null ? Arrays.asList(ServiceKind.values()) : List.of(named(service));
        }

        /** For what is about one service. */
        ServiceKind only() {
            if (service == null) {
                throw wrong("each service has its own numbers; name it with --service: " + all());
            }
            return named(service);
        }

        ServiceKind kind(String key) {
            if (service != null) {
                return named(service);
            }
            String word = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
            return ServiceKind.of(word)
                    .or(() -> Optional.ofNullable(OTHER_WORDS.get(word)))
                    .orElseThrow(() -> wrong("of which service is " + key + "? Name it with --service: " + all()));
        }

        private ServiceKind named(String name) {
            return ServiceKind.of(name)
                    .orElseThrow(() -> wrong("there is no service " + name + "; there are " + all()));
        }

        private ParameterException wrong(String what) {
            return new ParameterException(spec.commandLine(), what);
        }

        private static String all() {
            return Arrays.stream(ServiceKind.values()).map(ServiceKind::word).collect(Collectors.joining(", "));
        }
    }
}
