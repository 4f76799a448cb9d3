package io.longline.keeper.config;

import java.util.Collection;
import java.util.regex.Pattern;

/** The effective configuration for people to read, without its secrets. */
final class ConfigTable {

    private static final String MASK = "****";
    private static final Pattern SECRET_KEY = Pattern.compile("(^|[.-])(secrets?|passwords?|tokens?)($|[.-])");
    /** {@code redis://user:password@host} and {@code ...?password=x&...}. */
    private static final Pattern SECRET_IN_URL =
            Pattern.compile("(?<=://)[^/@]*(?=@)|(?<=[?&;]password=)[^&;]*", Pattern.CASE_INSENSITIVE);

    private ConfigTable() {}

    record Line(String key, String value, String layer) {}

    static String format(Collection<Line> lines) {
        int keys = lines.stream().mapToInt(line -> line.key().length()).max().orElse(0);
        int values = lines.stream()
                .mapToInt(line -> masked(line.key(), line.value()).length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(1, keys) + "s  %-" + Math.max(1, values) + "s  %s%n";
        StringBuilder table = new StringBuilder();
        for (Line line : lines) {
            table.append(row.formatted(line.key(), masked(line.key(), line.value()), line.layer()));
        }
        return table.toString();
    }

    static String masked(String key, String value) {
        if (value.isEmpty()) {
            return value;
        }
        return SECRET_KEY.matcher(key).find()
                ? MASK
                : SECRET_IN_URL.matcher(value).replaceAll(MASK);
    }
}
