package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Fault;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which faults there were, and what may therefore be excused. */
final class FaultLog {
    /** Connections that a fault broke may turn out to be broken only afterwards. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(2);

    /** Within this time at the latest what Redis knows of a healthy system is in the journal, too; the design says one second. */
    static final long JOURNALED_AFTER = TimeUnit.SECONDS.toNanos(5);

    /** What is broken now; as many as there are lanes. */
    private final List<Span> open = new ArrayList<>();

    /** In the order of their ends: whoever asks asks of the last seconds. */
    private final List<Span> over = new ArrayList<>();

    private record Span(Fault fault, long begun, long ended) {

        boolean touches(long from, long to) {
            return begun <= to && ended >= from;
        }
    }

    void begun(Event.FaultBegun event) {
        open.add(new Span(event.fault(), event.at(), Long.MAX_VALUE));
    }

    void ended(Event.FaultEnded event) {
        for (Iterator<Span> each = open.iterator(); each.hasNext(); ) {
            Span span = each.next();
            if (span.fault().id() == event.fault().id()) {
                each.remove();
                over.add(new Span(span.fault(), span.begun(), event.at()));
            }
        }
    }

    /** When a fault began; {@code at} where it is unknown. */
    long begunAt(Fault fault, long at) {
        return spans(0, at)
                .filter(span -> span.fault().id() == fault.id())
                .mapToLong(Span::begun)
                .findFirst()
                .orElse(at);
    }

    /** Whether this instance could not be expected to answer at some moment of that time. */
    boolean isDown(String instance, long from, long to) {
        return any(fault -> fault.down().contains(instance), from - AFTERMATH, to);
    }

    /** When the last fault is over for which this instance could not be expected to answer at some moment of that time; else its beginning. */
    long downUntil(String instance, long from, long to) {
        return spans(from, to)
                .filter(span -> span.fault().down().contains(instance))
                .mapToLong(Span::ended)
                .reduce(from, Math::max);
    }

    boolean anyBetween(long from, long to) {
        return any(fault -> true, from, to);
    }

    boolean lostRedisBetween(long from, long to) {
        return any(Fault::losesRedis, from, to);
    }

    /** Whether Redis may be without what it knew at this moment; what is said of it meanwhile may be of before. */
    boolean isRedisLost() {
        return open.stream().anyMatch(span -> span.fault().losesRedis());
    }

    private boolean any(Predicate<Fault> which, long from, long to) {
        return spans(from, to).anyMatch(span -> which.test(span.fault()));
    }

    /** Since when there is no fault; in the future while there is one. */
    long calmSince() {
        return open.isEmpty() ? over.isEmpty() ? 0 : over.getLast().ended() : Long.MAX_VALUE;
    }

    /** Whether what Redis knew at a moment is certainly in the journal by now. */
    boolean isJournaled(long at, long now) {
        return isJournaled(at, now, JOURNALED_AFTER);
    }

    /** The same of what the journal is told of within another time. */
    boolean isJournaled(long at, long now, long within) {
        return now >= at + within && !any(Fault::disturbsJournal, at - TimeUnit.SECONDS.toNanos(1), at + within);
    }

    /** Whether what was told to the journal at a moment, and waited for as far as MySQL took anything, may not be there. */
    boolean mayBeUnjournaled(long at, long now) {
        return any(Fault::disturbsJournal, at - AFTERMATH, Math.min(now, at + JOURNALED_AFTER));
    }

    /** Beginnings and ends that fall into that time, and the beginnings of what went on then. */
    Stream<Event> between(long from, long to) {
        return spans(from, to).flatMap(span -> {
            Event begun = new Event.FaultBegun(span.begun(), span.fault());
            return span.ended() <= to
                    ? Stream.of(begun, new Event.FaultEnded(span.ended(), span.fault()))
                    : Stream.of(begun);
        });
    }

    private Stream<Span> spans(long from, long to) {
        Stream<Span> late = over.reversed().stream().takeWhile(span -> span.ended() >= from);
        return Stream.concat(open.stream(), late).filter(span -> span.touches(from, to));
    }
}
