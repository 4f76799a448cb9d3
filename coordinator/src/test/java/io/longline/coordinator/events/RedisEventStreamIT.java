package io.longline.coordinator.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.coordinator.CoordinatorMetrics;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The streams and finish.lua on a real Redis. */
@Timeout(60)
class RedisEventStreamIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration ABANDONED = Duration.ofSeconds(3);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), registry);
    private final RedisEventStream stream = new RedisEventStream(redis, ABANDONED, new CoordinatorMetrics(registry));
    private final RedisEvents events = new RedisEvents(REDIS.uri());

    @BeforeEach
    void start() {
        redis.start();
    }

    @AfterEach
    void stop() {
        stream.finish(stream.fresh().stream().map(SessionEvent::entry).toList());
        redis.close();
        events.close();
    }

    private static List<SessionEvent.Entry> entries(List<SessionEvent> events) {
        return events.stream().map(SessionEvent::entry).toList();
    }

    @Test
    void anEventIsGivenOnceAndWithAllItSays() {
        events.replaced("u1", "room-1", 7, 9_007_199_254_740_000L);

        List<SessionEvent> fresh = stream.fresh();

        assertThat(fresh).hasSize(1);
        assertThat(fresh.getFirst().place()).isEqualTo(new SessionEvent.Place("room-1", 7, 1, 2, 3));
        assertThat(fresh.getFirst().generation()).isEqualTo(9_007_199_254_740_000L);
        assertThat(stream.fresh()).isEmpty();
        stream.finish(entries(fresh));
    }

    @Test
    void whatHappenedIsToldByItsType() {
        events.replaced("u1", "room-1", 7, 1);
        events.forgotten("u1", "room-1", 7, 2);
        events.follows("u1", "room-1", 7, 3);

        List<SessionEvent> fresh = stream.fresh();

        assertThat(fresh)
                .extracting(SessionEvent::type)
                .containsExactly(SessionEvent.Type.REPLACED, SessionEvent.Type.FORGOTTEN, SessionEvent.Type.FOLLOWS);
        stream.finish(entries(fresh));
    }

    @Test
    void whatIsFinishedIsNeitherPendingNorInTheStream() {
        events.replaced("u1", "room-1", 7, 1);
        events.replaced("u1", "room-1", 7, 2);
        events.replaced("u2", "room-1", 7, 3);
        List<SessionEvent> fresh = stream.fresh();
        assertThat(events.pending()).isEqualTo(3);

        stream.finish(entries(fresh));

        assertThat(events.pending()).isZero();
        assertThat(events.waiting()).isZero();
        stream.finish(entries(fresh)); // twice does no harm
        stream.finish(List.of());
    }

    @Test
    void whatIsNotFinishedIsGivenAgainWhenItWasIdleLongEnough() {
        events.replaced("u1", "room-1", 7, 1);
        List<SessionEvent> fresh = stream.fresh();
        assertThat(stream.abandoned()).isEmpty();

        List<SessionEvent> again = new ArrayList<>();
        await().until(() -> again.addAll(stream.abandoned()));

        assertThat(again).isEqualTo(fresh);
        assertThat(stream.abandoned()).isEmpty();
        stream.finish(entries(fresh));
    }

    @Test
    void manyAbandonedOnesOfAShardComeInSeveralLooks() {
        for (int i = 0; i < 120; i++) {
            events.replaced("u1", "room-1", 7, i);
        }
        List<SessionEvent> fresh = new ArrayList<>();
        while (fresh.size() < 120) {
            fresh.addAll(stream.fresh());
        }

        List<SessionEvent> again = new ArrayList<>();
        await().until(() -> {
            again.addAll(stream.abandoned());
            return again.size() >= 120;
        });

        assertThat(again).containsExactlyInAnyOrderElementsOf(fresh);
        stream.finish(entries(fresh));
    }

    @Test
    void whatIsNoEventOfThisReleaseIsDroppedAndCounted() {
        events.add(5, Map.of("type", "parade"));
        events.add(5, Map.of("type", "replaced", "room", "room-1"));
        events.add(5, Map.of("something", "else"));

        assertThat(stream.fresh()).isEmpty();

        assertThat(events.waiting()).isZero();
        assertThat(events.pending()).isZero();
        assertThat(registry.counter("longline.coordinator.replaced.finished", "result", "unreadable")
                        .count())
                .isEqualTo(3);
    }
}
