package io.longline.saver.topic;

import io.longline.saver.endpoint.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read of logs, as it stands there, and as far as everybody may read. Each message knows from which offset on there is nothing else in
 * front of it, so what is here need not hang together. Where a message was taken out of a log since, all of that log is forgotten. Of the topic
 * that was asked for longest ago the oldest goes first. Safe for any thread.
 */
final class LogCache {
    /** A page never makes an answer that a gRPC message cannot carry. */
    static final int PAGE_BYTES = 256 * 1024;

    private static final int PLACE_BYTES = 200;
    /** With its two names and its place among the others. */
    private static final int TOPIC_BYTES = 500;

    private final long limit;
    /** The one that was asked for last stands last. */
    private final LinkedHashMap<Topic, Known> topics = new LinkedHashMap<>(16, 0.75f, true);

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

    /**
     * What is known of a log.
     *
     * @param cuts of what was read; a lower number is of a read that may have found what was taken out since
     */
    private record Known(long cuts, TreeMap<Long, Place> places) {
        long bytes() {
            return TOPIC_BYTES
                    + places.values().stream().mapToLong(Place::bytes).sum();
        }
    }

    synchronized void add(Topic topic, LogRead read) {
        Known known = since(topic, read.cuts());
        if (known.cuts > read.cuts()) {
            return;
        }
        TreeMap<Long, Place> places = known.places;
        long from = Math.max(read.after(), read.trimmed()); // what left before its time is a gap, and not nothing
        for (LogPage.Entry entry : read.page().entries()) {
            if (entry.offset() <= read.readable()) {
                put(places, entry.offset(), new Place(from, entry));
                from = entry.offset();
            }
        }
        long upto = Math.min(read.page().upto(), read.readable());
        if (upto > from) {
            put(places, upto, new Place(from, null));
        }
        // Of a topic without messages nothing is learnt, and whoever likes may ask for it.
        if (!places.isEmpty() && topics.putIfAbsent(topic, known) == null) {
            bytes += TOPIC_BYTES;
        }
        makeRoom();
    }

    /** What is known of a topic, if it is still so. */
    private Known since(Topic topic, long cuts) {
        Known known = topics.get(topic);
        if (known != null && known.cuts < cuts) {
            bytes -= known.bytes();
            topics.remove(topic);
            known = null;
        }
        return known == null ? new Known(cuts, new TreeMap<>()) : known;
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
            TreeMap<Long, Place> places = eldest.next().getValue().places;
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
        Known known = topics.get(topic);
        return known == null || known.places.isEmpty() ? OptionalLong.empty() : OptionalLong.of(known.places.lastKey());
    }

    /**
     * What comes after an offset, as far as it is known without a gap; empty: nothing is.
     *
     * @param read tells how far the log reaches now, and brings what is new, or what not everybody may read
     */
    synchronized Optional<LogPage> page(Topic topic, long after, int most, LogRead read) {
        Growing page = new Growing(after, most);
        NavigableMap<Long, Place> places = since(topic, read.cuts()).places;
        for (var next = next(places, after); next != null && !page.full; next = next(places, page.upto)) {
            LogPage.Entry entry = next.getValue().entry();
            page.add(next.getKey(), entry == null || entry.expiresAtMs() <= read.nowMs() ? null : entry);
        }
        if (page.upto >= Math.max(read.after(), read.trimmed())) {
            for (LogPage.Entry entry : read.page().entries()) {
                page.add(entry.offset(), entry);
            }
            page.add(read.page().upto(), null);
        }
        boolean more = page.full || page.upto < read.last();
        return page.upto > after || after >= read.last()
                ? Optional.of(new LogPage(page.entries, more, page.upto, 0))
                : Optional.empty();
    }

    private static Map.@Nullable Entry<Long, Place> next(NavigableMap<Long, Place> places, long upto) {
        Map.Entry<Long, Place> next = places.higherEntry(upto);
        return next == null || next.getValue().from() > upto ? null : next;
    }

    /** A page while it is put together, in the order of offsets. */
    private static final class Growing {
        private final List<LogPage.Entry> entries = new ArrayList<>();
        private final int most;
        private long upto;
        private long size;
        private boolean full;

        Growing(long after, int most) {
            this.upto = after;
            this.most = most;
        }

        /** What stands at an offset, null: nothing; what is there already, or behind one that had no room, is left out. */
        void add(long offset, LogPage.@Nullable Entry entry) {
            if (offset <= upto || full) {
                return;
            }
            long larger = size + (entry == null ? 0 : entry.message().size());
            full = entry != null && !entries.isEmpty() && (entries.size() == most || larger > PAGE_BYTES);
            if (!full) {
                size = larger;
                upto = offset;
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
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
