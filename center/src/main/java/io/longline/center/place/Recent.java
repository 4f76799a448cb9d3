package io.longline.center.place;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/** So many entries, each for so long; the one not asked for longest gives way. */
final class Recent<K, V> {
    private final long lifeNanos;
    private final Map<K, Kept<V>> entries;

    Recent(int most, long lifeNanos) {
        this.lifeNanos = lifeNanos;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                return size() > most;
            }
        };
    }

    private record Kept<V>(V value, long sinceNanos) {}

    /** @param choose of what is there and what is new */
    synchronized void put(K key, V value, long now, BinaryOperator<V> choose) {
        Kept<V> known = entries.get(key);
        V chosen = known == null || over(known, now) ? value : choose.apply(known.value, value);
        entries.put(key, new Kept<>(chosen, now));
    }

    synchronized Optional<V> find(K key, long now) {
        Kept<V> known = entries.get(key);
        if (known != null && over(known, now)) {
            entries.remove(key);
            return Optional.empty();
        }
        return Optional.ofNullable(known).map(Kept::value);
    }

    synchronized void removeIf(K key, Predicate<V> which) {
        Kept<V> known = entries.get(key);
        if (known != null && which.test(known.value)) {
            entries.remove(key);
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private boolean over(Kept<V> entry, long now) {
        return now - entry.sinceNanos > lifeNanos;
    }
}
