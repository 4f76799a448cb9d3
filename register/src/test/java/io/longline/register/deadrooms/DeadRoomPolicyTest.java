package io.longline.register.deadrooms;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.register.endpoint.Incarnation;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadRoomPolicyTest {
    private static final Instant START = Instant.ofEpochSecond(1_000);
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Incarnation ROOM = new Incarnation("room-1", 1);
    private static final Incarnation NEXT_START = new Incarnation("room-1", 2);

    private final DeadRoomPolicy policy = new DeadRoomPolicy(GRACE);

    @Test
    void aLivingRoomIsNotGone() {
        assertThat(policy.gone(Set.of(ROOM), Set.of(ROOM), START)).isEmpty();
        assertThat(policy.gone(Set.of(ROOM), Set.of(ROOM), START.plus(GRACE))).isEmpty();
    }

    @Test
    void aRoomThatWasSeenAliveIsGoneAtOnceAndUntilItIsSwept() {
        policy.gone(Set.of(ROOM), Set.of(ROOM), START);

        assertThat(policy.gone(Set.of(), Set.of(ROOM), START)).containsExactly(ROOM);
        assertThat(policy.gone(Set.of(), Set.of(ROOM), START)).containsExactly(ROOM);

        policy.swept(ROOM);
        assertThat(policy.gone(Set.of(), Set.of(), START)).isEmpty();
    }

    @Test
    void aRoomWithoutRoutesIsGoneToo() {
        policy.gone(Set.of(ROOM), Set.of(), START);

        assertThat(policy.gone(Set.of(), Set.of(), START)).containsExactly(ROOM);
    }

    @Test
    void aNewStartOfARoomMakesTheFormerOneGone() {
        policy.gone(Set.of(ROOM), Set.of(ROOM), START);

        assertThat(policy.gone(Set.of(NEXT_START), Set.of(ROOM, NEXT_START), START))
                .containsExactly(ROOM);
    }

    @Test
    void aRoomThatWasNeverSeenAliveIsGoneAfterTheGraceTimeOnly() {
        assertThat(policy.gone(Set.of(), Set.of(ROOM), START)).isEmpty();
        assertThat(policy.gone(Set.of(), Set.of(ROOM), START.plus(GRACE).minusMillis(1)))
                .isEmpty();
        assertThat(policy.gone(Set.of(), Set.of(ROOM), START.plus(GRACE))).containsExactly(ROOM);
    }

    @Test
    void aFormerIncarnationOfALivingRoomIsGoneAtOnceThoughItWasNeverSeenAlive() {
        assertThat(policy.gone(Set.of(NEXT_START), Set.of(ROOM), START)).containsExactly(ROOM);
        assertThat(new DeadRoomPolicy(GRACE).gone(Set.of(ROOM), Set.of(NEXT_START), START))
                .isEmpty();
    }

    @Test
    void aRoomThatIsAnnouncedWithinTheGraceTimeIsNotGone() {
        policy.gone(Set.of(), Set.of(ROOM), START);

        assertThat(policy.gone(Set.of(ROOM), Set.of(ROOM), START.plusSeconds(1)))
                .isEmpty();
        assertThat(policy.gone(Set.of(ROOM), Set.of(ROOM), START.plus(GRACE))).isEmpty();
    }
}
