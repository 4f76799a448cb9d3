package io.longline.room.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final List<String> silent = new ArrayList<>();
    private long nowMs = 5_000;
    private final Heartbeat<Watched> heartbeat = new Heartbeat<>(() -> nowMs);

    private int add(String name, int allowedMs) {
        return heartbeat.add(() -> silent.add(name), allowedMs);
    }

    private void pass(int ms) {
        nowMs += ms;
        for (int i = 0; i < Heartbeat.SLICES; i++) {
            heartbeat.sweep();
        }
    }

    @Test
    void whoIsSilentForTooLongIsToldOnce() {
        int chatty = add("chatty", 1_000);
        add("quiet", 1_000);
        add("patient", 10_000);

        pass(900);
        heartbeat.seen(chatty);
        assertThat(silent).isEmpty();
        pass(100);

        assertThat(silent).containsExactly("quiet");
        pass(1);
        assertThat(silent).containsExactly("quiet");
    }

    @Test
    void aNewAllowanceCountsFromNow() {
        int slot = add("one", 1_000);
        pass(900);

        heartbeat.allow(slot, 2_000);
        pass(1_900);
        assertThat(silent).isEmpty();
        pass(100);

        assertThat(silent).containsExactly("one");
    }

    @Test
    void whoWasReplacedOrRemovedHearsNothing() {
        int replaced = add("first", 1_000);
        heartbeat.replace(replaced, () -> silent.add("second"));
        int removed = add("removed", 1_000);
        heartbeat.remove(removed);

        pass(2_000);

        assertThat(silent).containsExactly("second");
        assertThat(heartbeat.size()).isEqualTo(1);
        assertThat(add("reuses", 1)).isEqualTo(removed);
    }

    @Test
    void itHoldsManyAndSweepsEachOfThem() {
        for (int i = 0; i < 1_000; i++) {
            add("g" + i, 1_000);
        }

        pass(1_000);

        assertThat(silent).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void timeMayRunForLongerThanAnIntOfMilliseconds() {
        nowMs = 5_000L + Integer.MAX_VALUE - 100;
        add("late", 1_000);

        pass(500);
        assertThat(silent).isEmpty();
        pass(500);

        assertThat(silent).containsExactly("late");
    }
}
