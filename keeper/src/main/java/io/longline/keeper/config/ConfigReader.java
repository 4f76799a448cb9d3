package io.longline.keeper.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads typed values from a {@link ConfigSource} and collects what is wrong with them.
 *
 * <p>No single value throws: one that cannot be used counts as its default until {@link #finish} tells of all errors at
 * once. Used by one thread, at start.
 */
public final class ConfigReader {

    private final ConfigSource source;
    private final Map<String, ConfigTable.Line> lines = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    public ConfigReader(ConfigSource source) {
        this.source = source;
        problems.addAll(source.problems());
    }

    public String text(String key, String def) {
        return read(key, def, Optional::of, "text").orElse(def);
    }

    public Optional<String> optionalText(String key) {
        return read(key, "", Optional::of, "text");
    }

    /** Comma-separated, spaces around an entry removed, empty entries left out. */
    public List<String> list(String key, String def) {
        return Stream.of(text(key, def).split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public int integer(String key, int def, int min, int max) {
        return read(
                        key,
                        Integer.toString(def),
                        text -> Units.integer(text, min, max),
                        "a number from " + min + " to " + max)
                .orElse(def);
    }

    /** Bytes, from {@code 0} on: {@code 512B}, {@code 64KiB}, {@code 5MiB}, {@code 2GiB}. */
    public long size(String key, String def) {
        return read(key, def, Units::size, "a size like 512B, 64KiB, 5MiB or 2GiB")
                .or(() -> Units.size(def))
                .orElseThrow(() -> badDefault(key, def));
    }

    /** {@code 500ms}, {@code 8s}, {@code 5m}, {@code 1h} or {@code 90d}. */
    public Duration duration(String key, String def) {
        return read(key, def, Units::duration, "a duration like 500ms, 8s, 5m, 1h or 90d")
                .or(() -> Units.duration(def))
                .orElseThrow(() -> badDefault(key, def));
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean def) {
        Function<String, Optional<Boolean>> parser = text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
        return read(key, Boolean.toString(def), parser, "true or false").orElse(def);
    }

    /** A constant's name in lower case, with {@code -} for each {@code _}. */
    public <E extends Enum<E>> E choice(String key, E def) {
        Map<String, E> choices = Arrays.stream(def.getDeclaringClass().getEnumConstants())
                .collect(Collectors.toMap(ConfigReader::spelled, Function.identity(), (a, b) -> a, LinkedHashMap::new));
        String expected = "one of " + String.join(", ", choices.keySet());
        return read(key, spelled(def), text -> Optional.ofNullable(choices.get(text)), expected)
                .orElse(def);
    }

    /** A port to listen on; 0 takes any free one. */
    public int port(String key, int def) {
        return integer(key, def, 0, 65_535);
    }

    /** Adds what a caller found wrong with the value of a key, such as two keys that do not go together. */
    public void problem(String key, String expected) {
        String value = source.find(key).map(ConfigSource.Value::text).orElse("");
        problems.add(key + " is \"" + ConfigTable.masked(key, value) + "\", expected " + expected);
    }

    /**
     * Ends the reading: throws {@link ConfigException} with every error at once. A key that nobody read is one, if
     * another key of its first word was read (others belong to other services) or if it is spelled almost like one that
     * was read.
     */
    public void finish() {
        Set<String> known = lines.keySet();
        Set<String> words = known.stream().map(ConfigReader::firstWord).collect(Collectors.toSet());
        for (String key : source.keysBeside(known)) {
            Optional<String> meant = Spelling.nearest(key, known);
            if (words.contains(firstWord(key)) || !key.contains(".") || meant.isPresent()) {
                problems.add("unknown key " + key
                        + meant.map(m -> ", did you mean " + m + "?").orElse(""));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }

    /** Which keys were read so far. */
    public Set<String> keys() {
        return Set.copyOf(lines.keySet());
    }

    /** What was read so far, one line a key with its value and where that came from; secrets are masked. */
    public String table() {
        return ConfigTable.format(lines.values());
    }

    private <T> Optional<T> read(String key, String def, Function<String, Optional<T>> parser, String expected) {
        Optional<ConfigSource.Value> found = source.find(key);
        lines.put(
                key,
                found.map(value -> new ConfigTable.Line(key, value.text(), spelled(value.layer())))
                        .orElseGet(() -> new ConfigTable.Line(key, def, "default")));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> value = parser.apply(found.get().text());
        if (value.isEmpty()) {
            problem(key, expected);
        }
        return value;
    }

    private static IllegalArgumentException badDefault(String key, String def) {
        return new IllegalArgumentException("the default of " + key + " is \"" + def + "\"");
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String firstWord(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }
}
