package io.longline.room.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.pool.FullPolicy;
import io.longline.keeper.shard.Seqs;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.UnaskedInboxes;
import io.longline.room.session.Departures;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class UnbinderTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Place PLACE = new Place("room-1", 5, 0, 1, 1);
    private static final long GENERATION = 7;
    private static final long NOW_MS = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Long> emptied = new CompletableFuture<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Routes.Unbound unbound = new Routes.Unbound(true, NOW_MS, 0);
    private final AtomicInteger failures = new AtomicInteger();
    private Duration answerWait = Duration.ofSeconds(60);
    private Duration takes = Duration.ZERO;

    private final Routes routes = new Routes() {
        @Override
        public Unbound unbind(Endpoint endpoint, long generation, boolean forget, Parting why) {
            told.add("unbind " + generation + (forget ? " forget" : ""));
            if (failures.getAndDecrement() > 0) {
                throw LonglineException.dependencyDown("redis", "away", null);
            }
            LockSupport.parkNanos(takes.toNanos());
            return unbound;
        }

        @Override
        public Duration answerWait() {
            return answerWait;
        }

        @Override
        public OptionalLong generationAt(Endpoint endpoint, Place place) {
            return OptionalLong.empty();
        }
    };

    private final Departures departures = new Departures();

    private final UnaskedInboxes inboxes = new UnaskedInboxes() {
        @Override
        public CompletableFuture<Void> forget(Endpoint endpoint, long uptoSeq) {
            emptied.complete(uptoSeq);
            return CompletableFuture.completedFuture(null);
        }
    };

    private Unbinder unbinder(int limit) {
        BoundedPool pool = new BoundedPool("unbind", 4, FullPolicy.WAIT, registry);
        return new Unbinder(routes, inboxes, departures, pool, new RoomMetrics(registry), limit, Duration.ofSeconds(5));
    }

    private double count(String metric) {
        return registry.get(metric).counter().count();
    }

    @Test
    void theInboxOfAForgottenDeviceIsEmptiedUpToTheMomentWhenThatWasAskedFor() {
        try (Unbinder unbinder = unbinder(10)) {
            unbinder.start();

            unbinder.forget(PHONE, PLACE, GENERATION).join();

            assertThat(emptied.join()).isBetween(Seqs.lastOf(NOW_MS - 400), Seqs.lastOf(NOW_MS));
            assertThat(told).containsExactly("unbind 7 forget");
        }
    }

    @Test
    void alsoWhereItIsDoneLater() {
        failures.set(1);
        try (Unbinder unbinder = unbinder(10)) {
            unbinder.start();

            unbinder.forget(PHONE, PLACE, GENERATION).join();

            assertThat(emptied.join()).isLessThanOrEqualTo(Seqs.lastOf(NOW_MS - 500));
            assertThat(told).hasSize(2);
        }
    }

    @Test
    void ofADeviceThatSomebodyElseHasNothingIsEmptied() {
        unbound = new Routes.Unbound(false, NOW_MS, Seqs.firstOf(NOW_MS - 60_000));
        try (Unbinder unbinder = unbinder(10)) {
            unbinder.start();

            unbinder.forget(PHONE, PLACE, GENERATION).join();
        }
        assertThat(told).containsExactly("unbind 7 forget");
        assertThat(emptied).isNotDone();
    }

    @Test
    void ofADeviceThatWasBoundSinceOnlyWhatWasStoredBeforeIsEmptied() {
        unbound = new Routes.Unbound(false, NOW_MS, Seqs.firstOf(NOW_MS - 100));
        failures.set(1);
        try (Unbinder unbinder = unbinder(10)) {
            unbinder.start();

            unbinder.forget(PHONE, PLACE, GENERATION).join();

            assertThat(emptied)
                    .succeedsWithin(PATIENCE)
                    .satisfies(upto -> assertThat(upto).isLessThanOrEqualTo(Seqs.lastOf(NOW_MS - 500)));
        }
    }

    @Test
    void ofADeviceThatWasBoundRightThenWhatCameAfterThatIsKept() {
        long newer = Seqs.firstOf(NOW_MS) - 1;
        unbound = new Routes.Unbound(false, NOW_MS, newer);
        takes = Duration.ofMillis(20);
        try (Unbinder unbinder = unbinder(10)) {
            unbinder.start();

            unbinder.forget(PHONE, PLACE, GENERATION).join();

            assertThat(emptied)
                    .succeedsWithin(PATIENCE)
                    .satisfies(upto -> assertThat(upto).isLessThan(newer));
        }
    }

    @Test
    void aForgetThatIsNotAnsweredIsWaitedForNoLongerThanAnyAnswer() {
        answerWait = Duration.ofMillis(20);
        Unbinder unbinder = unbinder(10); // and never started

        assertThat(unbinder.forget(PHONE, PLACE, GENERATION)).succeedsWithin(PATIENCE);
    }

    @Test
    void whatIsBeyondTheLimitIsCounted() {
        Unbinder unbinder = unbinder(1); // and never started

        unbinder.leave(PHONE, PLACE, GENERATION, Parting.LINK_CLOSED);
        unbinder.leave(PHONE, PLACE, GENERATION, Parting.LINK_CLOSED);
        assertThat(unbinder.forget(PHONE, PLACE, GENERATION)).isDone();

        assertThat(count("longline.room.unbinds.rejects")).isEqualTo(2);
        assertThat(count("longline.room.forgets.given.up")).isEqualTo(1);
    }
}
