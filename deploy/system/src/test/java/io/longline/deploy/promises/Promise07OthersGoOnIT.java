package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.faults.Cut;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 7: one slow or failing room, device or center delays no other. */
@Tag("faults")
@Tag("alone")
final class Promise07OthersGoOnIT {
    private static final int PUSHES = 20;

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final String there = SharedCluster.fresh("at-the-bad-room");
    private final String here = SharedCluster.fresh("at-the-good-room");

    @Test
    void aStoppedRoomDelaysNobodyAtAnother() {
        try (JsonLink bad = faults.connect(0, there);
                JsonLink good = faults.connect(1, here)) {
            assertThat(bad.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(good.frames().pushesUntilCaughtUp()).isEmpty();
            faults.cluster().part("room-1").stop();
            assertGoesOn(good);
        }
    }

    @Test
    void aRoomThatIsCutOffFromOneCenterDelaysNobodyAtAnother() {
        try (JsonLink bad = faults.connect(0, there);
                JsonLink good = faults.connect(1, here);
                Cut cut = faults.cluster().cut("center-1", "room-1")) {
            assertThat(bad.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(good.frames().pushesUntilCaughtUp()).isEmpty();
            cut.blackHole();
            assertGoesOn(good);
        }
    }

    @Test
    void aStoppedCenterDelaysNobodyWhoAsksAnother() {
        try (JsonLink good = faults.connect(1, here)) {
            assertThat(good.frames().pushesUntilCaughtUp()).isEmpty();
            faults.cluster().part("center-2").stop();
            assertGoesOn(good);
        }
    }

    /** Each other push is for the good room; those for the bad one are stored, and take no more than their time. */
    private void assertGoesOn(JsonLink good) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < PUSHES; i++) {
            if (i % 4 == 0) {
                Answer stored = faults.api(0).push(there, "waits");
                assertThat(stored.status()).isIn(200, 202);
            }
            long began = System.nanoTime();
            Answer answer = faults.api(0).push(here, "goes on");
            took.add(Duration.ofNanos(System.nanoTime() - began));
            assertThat(answer.state()).as("%s", answer.body()).isEqualTo("written");
            good.frames().next("push");
            good.ack(1, answer.result().get("seq").asLong());
        }
        Collections.sort(took);
        assertThat(took.get(PUSHES / 2)).as("%s", took).isLessThan(Duration.ofMillis(500));
        assertThat(took.getLast()).as("%s", took).isLessThan(Duration.ofSeconds(3));
    }
}
