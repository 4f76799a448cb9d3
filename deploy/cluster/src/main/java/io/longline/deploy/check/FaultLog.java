package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which faults there were, and what may therefore be excused. */
final class FaultLog {
    /** Connections that a fault broke may turn out to be broken only afterwards. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(2);

    /** Within this time at the latest what Redis knows of a healthy system is in the journal, too; the design says one second. */
    private static final long JOURNALED_AFTER = TimeUnit.SECONDS.toNanos(5);

    private final List<Span> spans = new ArrayList<>();

    private record Span(Fault fault, long begun, long ended) {

        boolean touches(long from, long to) {
            return begun <= to && ended >= from;
        }
    }

    void begun(Event.FaultBegun event) {
        spans.add(new Span(event.fault(), event.at(), Long.MAX_VALUE));
    }

    void ended(Event.FaultEnded event) {
        spans.replaceAll(span ->
                span.fault().id() == event.fault().id() ? new Span(span.fault(), span.begun(), event.at()) : span);
    }

    /** Whether this instance could not be expected to answer at some moment of that time. */
    boolean isDown(String instance, long from, long to) {
        return any(fault -> fault.down().contains(instance), from - AFTERMATH, to);
    }

    boolean anyBetween(long from, long to) {
        return any(fault -> true, from, to);
    }

    boolean lostRedisBetween(long from, long to) {
        return any(Fault::losesRedis, from, to);
    }

    /** Whether Redis may be without what it knew at this moment; what is said of it meanwhile may be of before. */
    boolean isRedisLost() {
        return spans.stream()
                .anyMatch(span -> span.ended() == Long.MAX_VALUE && span.fault().losesRedis());
    }

    private boolean any(Predicate<Fault> which, long from, long to) {
        return spans.stream().anyMatch(span -> span.touches(from, to) && which.test(span.fault()));
    }

    /** Since when there is no fault; in the future while there is one. */
    long calmSince() {
        return spans.stream().mapToLong(Span::ended).max().orElse(0);
    }

    /** Whether what Redis knew at a moment is certainly in the journal by now. */
    boolean isJournaled(long at, long now) {
        return now >= at + JOURNALED_AFTER
                && !any(Fault::disturbsJournal, at - TimeUnit.SECONDS.toNanos(1), at + JOURNALED_AFTER);
    }

    /** Whether what was told to the journal at a moment, and waited for as far as MySQL took anything, may not be there. */
    boolean mayBeUnjournaled(long at, long now) {
        return any(Fault::disturbsJournal, at - AFTERMATH, Math.min(now, at + JOURNALED_AFTER));
    }

    /** Beginnings and ends that fall into that time, and the beginnings of what went on then. */
    Stream<Event> between(long from, long to) {
        return spans.stream().filter(span -> span.touches(from, to)).flatMap(span -> {
            Event begun = new Event.FaultBegun(span.begun(), span.fault());
            return span.ended() <= to
                    ? Stream.of(begun, new Event.FaultEnded(span.ended(), span.fault()))
                    : Stream.of(begun);
        });
    }
}
