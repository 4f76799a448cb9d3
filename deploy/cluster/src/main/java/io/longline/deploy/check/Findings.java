package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.TopicEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The violations found so far. Beyond a thousand they are only counted. */
final class Findings {
    private static final int MOST_KEPT = 1_000;
    private static final int MOST_LINES = 300;
    private static final long BEFORE = TimeUnit.SECONDS.toNanos(10);

    private final FaultLog faults;
    private final List<Violation> kept = new ArrayList<>();
    private final Map<Integer, Long> byPromise = new TreeMap<>();

    Findings(FaultLog faults) {
        this.faults = faults;
    }

    void add(int promise, String what, long at) {
        add(promise, what, at, null, null);
    }

    void add(int promise, String what, long at, @Nullable Traced message, @Nullable EndpointCase endpoint) {
        byPromise.merge(promise, 1L, Long::sum);
        if (kept.size() < MOST_KEPT) {
            kept.add(new Violation(
                    promise,
                    message == null ? -1 : message.number(),
                    endpoint == null ? "" : endpoint.id.toString(),
                    at,
                    what,
                    history(at, message, endpoint)));
        }
    }

    private List<String> history(long at, @Nullable Traced message, @Nullable EndpointCase endpoint) {
        long from = (message == null ? at : message.firstBegun()) - BEFORE;
        Stream<Event> ofMessage = message == null ? Stream.of() : message.events().stream();
        Stream<Event> ofEndpoint = endpoint == null
                ? Stream.of()
                : endpoint.events.stream().filter(event -> event.at() >= from || isOfSessions(event));
        List<String> lines = Stream.of(ofMessage, ofEndpoint, faults.between(from, at))
                .flatMap(events -> events)
                .distinct()
                .sorted(Comparator.comparingLong(Event::at))
                .map(Telling::line)
                .toList();
        return lines.size() <= MOST_LINES ? lines : lines.subList(lines.size() - MOST_LINES, lines.size());
    }

    /** Who had the endpoint when, and not what was sent to him. */
    private static boolean isOfSessions(Event event) {
        return event instanceof Event.Binding
                || event instanceof Event.Bound
                || event instanceof Event.Ended
                || event instanceof Event.Forgot
                || event instanceof Event.OfDevice
                || event instanceof TopicEvent.OfUser
                || event instanceof TopicEvent.ClientWish
                || event instanceof TopicEvent.Subscribed
                || event instanceof TopicEvent.Refused;
    }

    List<Violation> all() {
        return List.copyOf(kept);
    }

    Map<Integer, Long> byPromise() {
        return Map.copyOf(byPromise);
    }
}
