package io.longline.keeper.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text form of a configuration, the same in a file and in ZooKeeper: a line is {@code key = value}, blank, or a
 * comment that begins with {@code #}. The value is what stands after the first {@code =}, without the spaces around it;
 * nothing is escaped.
 */
public final class ConfigText {

    private ConfigText() {}

    /** A value for people to read: {@code ****} where it is a secret, or in place of a password within it. */
    public static String masked(String key, String value) {
        return ConfigTable.masked(key, value);
    }

    /** Problems name {@code origin} and the line. */
    public static Map<String, String> parse(String text, String origin, List<String> problems) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(0, equals).strip();
            if (key.isEmpty()) {
                problems.add(origin + " line " + (i + 1) + ": expected \"key = value\" or a comment with #");
            } else if (values.put(key, line.substring(equals + 1).strip()) != null) {
                problems.add(origin + " line " + (i + 1) + ": " + key + " stands there twice");
            }
        }
        return values;
    }

    /** Fails on what could not be read back: a key with {@code =} or a value of several lines. */
    public static String format(Map<String, String> values) {
        List<String> problems = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        values.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        Map<String, String> stripped = new LinkedHashMap<>();
        values.forEach((key, value) -> stripped.put(key.strip(), value.strip()));
        if (!parse(text.toString(), "configuration", problems).equals(stripped)) {
            problems.add("keys must not contain = or begin with #, and values must be of one line");
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return text.toString();
    }
}
