package io.longline.saver.topic;

import io.longline.saver.endpoint.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read of logs, as it stands there. Each message knows from which offset on there is nothing else in front of it, so what is here
 * need not hang together. Of the topic that was asked for longest ago the oldest goes first. Safe for any thread.
 */
final class LogCache {
    /** A page never makes an answer that a gRPC message cannot carry. */
    static final int PAGE_BYTES = 256 * 1024;

    private static final int PLACE_BYTES = 200;
    /** With its two names and its place among the others. */
    private static final int TOPIC_BYTES = 500;

    private final long limit;
    /** The one that was asked for last stands last. */
    private final LinkedHashMap<Topic, TreeMap<Long, Place>> topics = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /** @param limit in bytes */
    LogCache(long limit) {
        this.limit = limit;
    }

    /**
     * What stands at an offset.
     *
     * @param from nothing else is between this offset and that one
     * @param entry null: nothing at all is
     */
    private record Place(long from, LogPage.@Nullable Entry entry) {
        int bytes() {
            return PLACE_BYTES + (entry == null ? 0 : entry.message().size());
        }
    }

    synchronized void add(Topic topic, LogRead read) {
        TreeMap<Long, Place> places = topics.getOrDefault(topic, new TreeMap<>());
        long from = Math.max(read.after(), read.trimmed()); // what left before its time is a gap, and not nothing
        for (LogPage.Entry entry : read.page().entries()) {
            put(places, entry.offset(), new Place(from, entry));
            from = entry.offset();
        }
        if (read.page().upto() > from) {
            put(places, read.page().upto(), new Place(from, null));
        }
        // Of a topic without messages nothing is learnt, and whoever likes may ask for it.
        if (!places.isEmpty() && topics.putIfAbsent(topic, places) == null) {
            bytes += TOPIC_BYTES;
        }
        makeRoom();
    }

    private void put(Map<Long, Place> places, long offset, Place place) {
        Place known = places.get(offset);
        if (known == null || place.from() < known.from()) {
            places.put(offset, place);
            bytes += place.bytes() - (known == null ? 0 : known.bytes());
        }
    }

    private void makeRoom() {
        var eldest = topics.entrySet().iterator();
        while (bytes > limit && eldest.hasNext()) {
            TreeMap<Long, Place> places = eldest.next().getValue();
            while (bytes > limit && !places.isEmpty()) {
                bytes -= places.firstEntry().getValue().bytes();
                places.remove(places.firstKey());
            }
            if (places.isEmpty()) {
                bytes -= TOPIC_BYTES;
                eldest.remove();
            }
        }
    }

    /** The highest offset up to which something of the topic is known. */
    synchronized OptionalLong end(Topic topic) {
        TreeMap<Long, Place> places = topics.get(topic);
        return places == null || places.isEmpty() ? OptionalLong.empty() : OptionalLong.of(places.lastKey());
    }

    /**
     * What comes after an offset, as far as it is known without a gap; empty: nothing is.
     *
     * @param read tells how far the log reaches now
     */
    synchronized Optional<LogPage> page(Topic topic, long after, int most, LogRead read) {
        List<LogPage.Entry> entries = new ArrayList<>();
        long upto = after;
        long size = 0;
        for (Map.Entry<Long, Place> next = next(topic, upto); next != null; next = next(topic, upto)) {
            LogPage.Entry entry = next.getValue().entry();
            if (entry != null && entry.expiresAtMs() > read.nowMs()) {
                size += entry.message().size();
                if (!entries.isEmpty() && (entries.size() == most || size > PAGE_BYTES)) {
                    return Optional.of(new LogPage(entries, true, upto, 0));
                }
                entries.add(entry);
            }
            upto = next.getKey();
        }
        return upto > after || after >= read.last()
                ? Optional.of(new LogPage(entries, upto < read.last(), upto, 0))
                : Optional.empty();
    }

    private Map.@Nullable Entry<Long, Place> next(Topic topic, long upto) {
        TreeMap<Long, Place> places = topics.get(topic);
        Map.Entry<Long, Place> next = places == null ? null : places.higherEntry(upto);
        return next == null || next.getValue().from() > upto ? null : next;
    }

    /** Redis may be another one. */
    synchronized void clear() {
        topics.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized int topics() {
        return topics.size();
    }

    long limit() {
        return limit;
    }
}
