package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.job.RoomProgress;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeaversTest {
    private static final Set<String> BOTH = Set.of("room-1/7", "room-2/7");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // of no meaning, and about to overflow
    private final Leavers leavers = new Leavers(nanos::get);

    private static RoomProgress progress(long let, long left) {
        return new RoomProgress(let + left, let, 0, left);
    }

    private void pass(double share) {
        nanos.addAndGet((long) (Leavers.RETURN.toNanos() * share));
    }

    @Test
    void whereAllAreSentItNobodyIsWaitedFor() {
        leavers.told("room-1/7", progress(0, 5));
        leavers.told("room-1/7", progress(3, 2));
        leavers.told("room-1/7", progress(6, 0)); // one more came
        assertThat(leavers.mayComeBack(BOTH)).isFalse();
    }

    @Test
    void whoLeftUnsentIsWaitedForAWhile() {
        leavers.told("room-1/7", progress(0, 5));
        leavers.told("room-1/7", progress(3, 0));
        pass(0.9);
        assertThat(leavers.mayComeBack(BOTH)).isTrue();
        leavers.told("room-2/7", progress(0, 1));
        leavers.told("room-2/7", progress(0, 0));
        pass(0.9);
        assertThat(leavers.mayComeBack(BOTH)).as("another one left meanwhile").isTrue();
        pass(0.2);
        assertThat(leavers.mayComeBack(BOTH)).isFalse();
    }

    @Test
    void aRoomThatIsGoneTookThoseWithItWhoWereLeftAndTellsOnce() {
        leavers.told("room-1/6", progress(3, 2));
        leavers.told("room-2/7", progress(3, 0));
        assertThat(leavers.mayComeBack(Set.of("room-1/7")))
                .as("room-1 was started again")
                .isTrue();
        pass(1.1);
        assertThat(leavers.mayComeBack(Set.of("room-1/7"))).isFalse();
    }

    @Test
    void aRoomThatIsGoneAndHadNobodyLeftTookNobody() {
        leavers.told("room-1/6", progress(3, 0));
        assertThat(leavers.mayComeBack(BOTH)).isFalse();
    }

    @Test
    void whereNobodyLookedSomeMayHaveLeft() {
        leavers.left();
        assertThat(leavers.mayComeBack(BOTH)).isTrue();
        pass(1.1);
        assertThat(leavers.mayComeBack(BOTH)).isFalse();
    }
}
