package io.longline.dispatcher.dispatch;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.net.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which region callers are in, by the networks that an operator knows. A region may have a carrier behind a slash: {@code bj/unicom}.
 *
 * @param all the smallest networks first
 */
public record CallerRegions(List<Entry> all) {
    private static final String KEY = "dispatcher.regions";
    private static final String REGION = "[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64})?";

    /** A network, and where it is. */
    public record Entry(Network network, String region) {}

    public CallerRegions {
        all = List.copyOf(all);
    }

    static CallerRegions read(ConfigReader reader) {
        List<Entry> entries = new ArrayList<>();
        for (String text : reader.list(KEY, "")) {
            Optional<Entry> entry = entry(text);
            if (entry.isEmpty()) {
                reader.problem(
                        KEY,
                        "NETWORK=REGION or NETWORK=REGION/CARRIER, separated by commas, like 10.1.0.0/16=bj, "
                                + "2001:db8::/32=sh/unicom; \"" + text + "\" is none");
            }
            entry.ifPresent(entries::add);
        }
        entries.sort(
                Comparator.comparingInt((Entry entry) -> entry.network.bits()).reversed());
        return new CallerRegions(entries);
    }

    private static Optional<Entry> entry(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        String region = text.substring(equals + 1).strip();
        return region.matches(REGION)
                ? Network.parse(text.substring(0, equals).strip()).map(network -> new Entry(network, region))
                : Optional.empty();
    }

    /** "" where nobody knows. */
    String of(InetAddress caller) {
        for (Entry entry : all) {
            if (entry.network.contains(caller)) {
                return entry.region;
            }
        }
        return "";
    }
}
