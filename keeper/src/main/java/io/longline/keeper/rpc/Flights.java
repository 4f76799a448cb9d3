package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The batches of one lane that were sent and are not wholly answered. Answers come on gRPC's threads, the rest is the lane's. */
final class Flights<Q extends Message, A extends Message> {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    private final Map<Long, Flight<Q, A>> flights = new ConcurrentHashMap<>();
    private final AtomicInteger unheard = new AtomicInteger();
    private final BatchMethod<Q, A> method;

    Flights(BatchMethod<Q, A> method) {
        this.method = method;
    }

    void add(long id, Flight<Q, A> flight) {
        unheard.incrementAndGet();
        flights.put(id, flight);
    }

    /** How many there are of which nothing was heard yet. */
    int unheard() {
        return unheard.get();
    }

    boolean isEmpty() {
        return flights.isEmpty();
    }

    /** The batch that the message answers a part of, if it is still in flight. */
    Optional<Flight<Q, A>> answered(Message message) {
        long id = method.repliesId(message);
        Flight<Q, A> flight = flights.get(id);
        if (flight == null) {
            return Optional.empty();
        }
        heard(flight);
        flight.answer(method, message);
        if (flight.done()) {
            flights.remove(id);
        }
        return Optional.of(flight);
    }

    /** Fails the calls whose time is over. The time after which the next one's is; an hour if there is none. */
    long expire() {
        long next = LONG;
        for (Flight<Q, A> flight : flights.values()) {
            flight.expire("to answer " + method);
            next = Math.min(next, flight.leastLeftNanos());
        }
        return next;
    }

    /** Fails the calls that may be done elsewhere. */
    void letGo(LonglineException error) {
        flights.values().forEach(flight -> flight.letGo(error));
    }

    /** Fails all calls: the stream they were sent on has ended. */
    void failAll(LonglineException error) {
        for (Long id : List.copyOf(flights.keySet())) {
            Flight<Q, A> flight = flights.remove(id);
            if (flight != null) { // Else its last answer came just now.
                heard(flight);
                flight.fail(error);
            }
        }
    }

    private void heard(Flight<Q, A> flight) {
        if (flight.heard()) {
            unheard.decrementAndGet();
        }
    }
}
