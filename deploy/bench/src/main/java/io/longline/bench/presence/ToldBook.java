package io.longline.bench.presence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a back end was told of each user's device, in the order in which it came, and what of it must not be. An event is known again by its
 * {@code seq}: whoever has seen one of an endpoint has seen all before it. Any thread.
 */
final class ToldBook {
    static final String ONLINE = "presence.online";
    private static final int MOST_WRONG = 20;
    private static final int MOST_TOLD_OF = 12;

    private final Map<String, List<Event>> told = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long wrongs;
    private long events;
    private long repeated;

    /** @param atMs when it was told, by the event; cameMs: when it came */
    record Event(long seq, boolean isOnline, long generation, String reason, long atMs, long cameMs) {

        @Override
        public String toString() {
            return "%s generation %d (%s) seq %d told at %d, here at %d"
                    .formatted(isOnline ? "online" : "offline", generation, reason, seq, atMs, cameMs);
        }
    }

    /** Of one request. */
    synchronized void take(JsonNode request) {
        for (JsonNode event : request) {
            take(
                    event.path("user").asText(),
                    new Event(
                            event.path("seq").asLong(),
                            event.path("type").asText().equals(ONLINE),
                            event.path("generation").asLong(),
                            event.path("reason").asText(),
                            event.path("ts_ms").asLong(),
                            System.currentTimeMillis()));
        }
    }

    private void take(String user, Event event) {
        List<Event> before = told.computeIfAbsent(user, _ -> new ArrayList<>());
        if (!before.isEmpty() && event.seq <= before.getLast().seq) {
            boolean isKnown = before.stream().anyMatch(known -> known.seq == event.seq);
            repeated += isKnown ? 1 : 0;
            if (!isKnown) {
                wrong(user, event, "came first behind a later one");
            }
            return;
        }
        events++;
        if (!before.isEmpty() && event.generation < before.getLast().generation) {
            wrong(user, event, "is of an older generation than the one before");
        }
        before.add(event);
    }

    private void wrong(String user, Event event, String what) {
        wrongs++;
        if (wrong.size() < MOST_WRONG) {
            wrong.add("%s: %s %s: %s".formatted(user, event, what, historyOf(user)));
        }
    }

    /** What it was told last. */
    synchronized Optional<Event> last(String user) {
        List<Event> events = told.getOrDefault(user, List.of());
        return events.isEmpty() ? Optional.empty() : Optional.of(events.getLast());
    }

    /** The latest ones. */
    synchronized List<Event> historyOf(String user) {
        List<Event> events = told.getOrDefault(user, List.of());
        return List.copyOf(events.subList(Math.max(0, events.size() - MOST_TOLD_OF), events.size()));
    }

    /** The first of {@link #wrongs} sentences. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Events that came out of order, of whatever kind. */
    synchronized long wrongs() {
        return wrongs;
    }

    /** Each once. */
    synchronized long events() {
        return events;
    }

    synchronized long repeated() {
        return repeated;
    }
}
