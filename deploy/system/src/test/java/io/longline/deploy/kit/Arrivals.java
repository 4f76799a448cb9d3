package io.longline.deploy.kit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What came to a crowd, in the order in which it was read. */
public record Arrivals(List<Arrival> all) {
    /**
     * What a room sends is here a tenth of a second later, or sooner. So whatever came within nine tenths of a second was sent within a
     * whole one.
     */
    private static final long SURELY_A_SECOND = Duration.ofMillis(900).toNanos();

    public Arrivals {
        all = List.copyOf(all);
    }

    public Arrivals of(String text) {
        return that(arrival -> arrival.text().equals(text));
    }

    /** Those that surely came later. */
    public Arrivals after(long nanos) {
        return that(arrival -> arrival.afterNanos() - nanos > 0);
    }

    private Arrivals that(Predicate<Arrival> condition) {
        return new Arrivals(all.stream().filter(condition).toList());
    }

    public int size() {
        return all.size();
    }

    public Set<String> users() {
        return all.stream().map(Arrival::user).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How often it came to each user. */
    public Map<String, Long> times() {
        return all.stream().collect(Collectors.groupingBy(Arrival::user, TreeMap::new, Collectors.counting()));
    }

    public List<String> textsOf(String user) {
        return all.stream()
                .filter(arrival -> arrival.user().equals(user))
                .map(Arrival::text)
                .toList();
    }

    /** The most that surely were sent within one second, whichever that is. */
    public int mostInASecond() {
        return all.stream().mapToInt(first -> within(first.afterNanos())).max().orElse(0);
    }

    private int within(long begin) {
        return (int) all.stream()
                .filter(arrival -> arrival.afterNanos() - begin >= 0)
                .filter(arrival -> arrival.byNanos() - begin <= SURELY_A_SECOND)
                .count();
    }

    /** From the first to the last of them; not less than it was. */
    public Duration took() {
        long first = all.stream().mapToLong(Arrival::afterNanos).min().orElse(0);
        long last = all.stream()
                .map(Arrival::byNanos)
                .max(Comparator.naturalOrder())
                .orElse(0L);
        return Duration.ofNanos(last - first);
    }
}
