package io.longline.room.presence;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Products;
import io.longline.room.RoomMetrics;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import io.longline.v1.Error;
import io.longline.v1.Presence;
import io.longline.v1.PresenceState;
import io.longline.v1.ServerFrame;
import io.longline.v1.UserPresence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who asks on one loop. An endpoint may once a minute, over as many sessions as it has here one after the other; what failed does not count. */
public final class Asks {
    static final int MOST_USERS = 500;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long NANOS_IN_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration USUAL_RETRY = Duration.ofSeconds(1);
    /** Of endpoints that have asked within the minute; some 100 bytes each. */
    private static final int MOST_REMEMBERED = 65_536;

    private final Loop loop;
    private final Products products;
    private final Register register;
    private final LongSupplier nanos;
    private final RoomMetrics metrics;
    /** When each may ask again; by a clock that nobody sets. */
    private final Map<Endpoint, Long> againNanos = new HashMap<>();

    public Asks(Loop loop, Products products, Register register, LongSupplier nanos, RoomMetrics metrics) {
        this.loop = loop;
        this.products = products;
        this.register = register;
        this.nanos = nanos;
        this.metrics = metrics;
        loop.every(SWEEP, this::sweep);
    }

    /** How many endpoints have asked within the minute, or a little more. */
    public int remembered() {
        return againNanos.size();
    }

    /**
     * Answers by {@code presence_state} or {@code error}, at once or later.
     *
     * @param ended called once it is answered, or the session has ended
     */
    public void take(Session session, Presence ask, Runnable ended) {
        Optional<LonglineException> problem = problem(session, ask);
        if (problem.isPresent()) {
            refuse(session, problem.get());
            ended.run();
            return;
        }
        long until = nanos.getAsLong() + MINUTE_NANOS;
        againNanos.put(session.endpoint(), until);
        loop.whenDone(register.seen(session, ask.getUsersList()), (users, error) -> {
            answer(session, users, error);
            if (error != null) {
                againNanos.remove(session.endpoint(), until);
            }
            ended.run();
        });
    }

    private Optional<LonglineException> problem(Session session, Presence ask) {
        String product = session.endpoint().product();
        if (!products.find(product).filter(found -> found.presence().clients()).isPresent()) {
            return Optional.of(new LonglineException(
                    ErrorCode.PERMISSION_DENIED, "clients of product " + product + " may not ask who is online"));
        }
        int count = ask.getUsersCount();
        if (count == 0 || count > MOST_USERS) {
            return Optional.of(LonglineException.invalid("users", "has " + count + ", expected 1 to " + MOST_USERS));
        }
        for (int i = 0; i < count; i++) {
            Optional<String> wrong = Ids.problem(ask.getUsers(i));
            if (wrong.isPresent()) {
                return Optional.of(LonglineException.invalid("users[" + i + "]", wrong.get()));
            }
        }
        return tooSoon(session.endpoint());
    }

    private Optional<LonglineException> tooSoon(Endpoint endpoint) {
        Long again = againNanos.get(endpoint);
        long waitNanos = again == null ? 0 : again - nanos.getAsLong();
        if (waitNanos > 0) {
            return Optional.of(
                    new LonglineException(ErrorCode.USER_RATE_EXCEEDED, "who is online may be asked once a minute")
                            .retryAfter(Duration.ofMillis(Math.ceilDiv(waitNanos, NANOS_IN_MS))));
        }
        return againNanos.size() < MOST_REMEMBERED
                ? Optional.empty()
                : Optional.of(
                        new LonglineException(ErrorCode.OVERLOADED, "too many ask who is online").retryAfter(SWEEP));
    }

    private void answer(Session session, @Nullable List<UserPresence> users, @Nullable Throwable error) {
        if (users == null || error != null) {
            refuse(session, ErrorTranslator.fromAny(error == null ? new IllegalStateException("no answer") : error));
            return;
        }
        metrics.presenceAnswered();
        write(
                session,
                ServerFrame.newBuilder()
                        .setPresenceState(
                                PresenceState.newBuilder().setRef(session.ref()).addAllUsers(users))
                        .build());
    }

    private void refuse(Session session, LonglineException why) {
        metrics.presenceRefused();
        LonglineException shown = ErrorTranslator.outside(why);
        Error.Builder error = Error.newBuilder()
                .setRef(session.ref())
                .setReason(shown.code().name())
                .setMessage(shown.getMessage());
        if (shown.code().retryable()) {
            error.setRetryAfterMs(shown.retryAfter().orElse(USUAL_RETRY).toMillis());
        }
        write(session, ServerFrame.newBuilder().setError(error).build());
    }

    private static void write(Session session, ServerFrame frame) {
        if (!session.isEnded()) {
            session.link().write(frame);
            session.link().flush();
        }
    }

    private void sweep() {
        long now = nanos.getAsLong();
        againNanos.values().removeIf(until -> until - now <= 0);
    }
}
