package io.longline.keeper.live;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigText;
import io.longline.keeper.discovery.ZkSession;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ZooKeeper node {@code config/<service>}: text of lines {@code key = value}, as in a configuration file, so that
 * the same text can be kept in either place. What it was after each of the last {@value #MOST_VERSIONS} changes stands in
 * {@code config-history/<service>}, with a first line that says when it was changed and by whom.
 */
public final class ZkConfigNode {

    static final String FOLDER = "/config";

    private static final String HISTORY = "/config-history";
    private static final String VERSION = "v-";
    private static final int MOST_VERSIONS = 100;
    private static final Pattern FIRST_LINE = Pattern.compile("# (\\S+) by (.*)");

    private final ZkSession session;
    private final String path;
    private final String history;

    public ZkConfigNode(ZkSession session, String service) {
        this.session = session;
        this.path = FOLDER + "/" + service;
        this.history = HISTORY + "/" + service;
    }

    /** Empty when there is no such node; {@link ConfigException} when its text cannot be read. */
    public Map<String, String> read() {
        return parsed(session.read(path).orElse(new byte[0]));
    }

    /** Replaces all of it. Checks the form only; whether the values suit the service is for its record to say. */
    public void write(Map<String, String> values) {
        session.write(path, bytes(values));
    }

    /**
     * Replaces it by what is made of it, in one step with its entry in the history, where that changes anything; what {@code change} throws
     * leaves it as it was. May call it several times.
     *
     * @param by who does it, and with what; one line
     */
    public void update(String by, UnaryOperator<Map<String, String>> change) {
        if (numbers().isEmpty()) { // what was there before anything was noted is not to be lost
            session.read(path)
                    .filter(text -> text.length > 0)
                    .ifPresent(text -> session.append(history + "/" + VERSION, entry("somebody before", text)));
        }
        session.updateLogged(path, text -> changed(text, change), history + "/" + VERSION, text -> entry(by, text));
        List<Long> numbers = numbers();
        numbers.subList(0, Math.max(0, numbers.size() - MOST_VERSIONS)).forEach(number -> session.delete(node(number)));
    }

    /** As it stands where nothing is changed, so that comments and the order of lines stay. */
    private byte[] changed(byte[] text, UnaryOperator<Map<String, String>> change) {
        Map<String, String> before = parsed(text);
        Map<String, String> after = change.apply(before);
        return after.equals(before) ? text : bytes(after);
    }

    /** The oldest first. */
    public List<ConfigVersion> history() {
        return numbers().stream()
                .flatMap(number -> session.read(node(number)).map(text -> version(number, text)).stream())
                .toList();
    }

    private ConfigVersion version(long number, byte[] text) {
        Matcher first = FIRST_LINE.matcher(
                new String(text, StandardCharsets.UTF_8).lines().findFirst().orElse(""));
        boolean known = first.matches();
        return new ConfigVersion(
                number + 1,
                known ? Instant.parse(first.group(1)) : Instant.EPOCH,
                known ? first.group(2) : "",
                parsed(text));
    }

    private List<Long> numbers() {
        return ZkSession.call(() -> session.children(history)).stream()
                .filter(name -> name.startsWith(VERSION))
                .map(name -> Long.valueOf(name.substring(VERSION.length())))
                .sorted()
                .toList();
    }

    private String node(long number) {
        return String.format(Locale.ROOT, "%s/%s%010d", history, VERSION, number);
    }

    private static byte[] entry(String by, byte[] text) {
        String line = "# " + Instant.now().truncatedTo(ChronoUnit.MILLIS) + " by " + by.replace('\n', ' ') + "\n";
        byte[] first = line.getBytes(StandardCharsets.UTF_8);
        byte[] entry = Arrays.copyOf(first, first.length + text.length);
        System.arraycopy(text, 0, entry, first.length, text.length);
        return entry;
    }

    private Map<String, String> parsed(byte[] text) {
        List<String> problems = new ArrayList<>();
        Map<String, String> values = ConfigText.parse(new String(text, StandardCharsets.UTF_8), path, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return values;
    }

    private static byte[] bytes(Map<String, String> values) {
        return ConfigText.format(values).getBytes(StandardCharsets.UTF_8);
    }
}
