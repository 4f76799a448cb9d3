package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.faults.Part;
import io.longline.deploy.faults.PartKind;
import io.longline.deploy.kit.Arrivals;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.Crowd;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.deploy.kit.TestProduct;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 10: a broadcast with a rate, over two rooms, while something is killed or stopped in the middle of it. It is finished by those who
 * are alive, comes to nobody twice, and in no second to more people than its rate.
 */
@Tag("faults")
@Tag("alone")
final class Promise10BroadcastIT {
    private static final boolean LONG = Boolean.getBoolean("longline.test.long");
    private static final int PEOPLE = LONG ? 800 : 60;
    private static final int RATE = LONG ? 40 : 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final TestProduct product = faults.product();
    private final Broadcasts broadcasts = faults.broadcasts(product);
    private final List<InetSocketAddress> rooms = faults.cluster().rooms();

    private Crowd crowd(List<InetSocketAddress> at, int size) {
        return Crowd.at(at, product, SharedCluster.fresh("crowd"), size);
    }

    /** In the middle of it. */
    private String begun(Crowd crowd, int rate) {
        String job = broadcasts.begin("paced", ",\"rate_per_s\":" + rate);
        crowd.awaitSome("paced", rate / 2);
        return job;
    }

    private static void assertAllHaveItOnceAtTheRate(Crowd crowd, int rate) {
        crowd.awaitAll("paced");
        Arrivals paced = crowd.arrivals();
        assertThat(paced.times().values()).containsOnly(1L);
        assertThat(paced.times()).hasSize(crowd.users().size());
        assertThat(paced.mostInASecond()).isLessThanOrEqualTo(rate);
        assertThat(crowd.complaints()).isEmpty();
    }

    /** Nobody had to come again, so each is there once. */
    private void assertCountsAddUp(String job) {
        JsonNode acked = broadcasts.awaitJob(job, now -> now.get("acked").asInt() == PEOPLE);
        for (String number : List.of("targeted", "sent")) {
            assertThat(acked.get(number).asInt()).as("%s of %s", number, acked).isEqualTo(PEOPLE);
            assertThat(Broadcasts.inRooms(acked, number))
                    .as("%s of %s", number, acked)
                    .isEqualTo(PEOPLE);
        }
        assertThat(Broadcasts.inRooms(acked, "left")).isZero();
        assertThat(acked.get("skipped").asInt()).isZero();
    }

    /** The center that carries it out. */
    private Part owner() {
        return await().atMost(PATIENCE)
                .until(
                        () -> faults.cluster().parts(PartKind.CENTER).stream()
                                .filter(part -> part.metric("longline_center_broadcasts_depth") > 0)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void anotherCenterFinishesItWhenItsOwnIsKilled() {
        try (Crowd crowd = crowd(rooms, PEOPLE)) {
            String job = begun(crowd, RATE);
            owner().kill();
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnceAtTheRate(crowd, RATE);
            assertCountsAddUp(job);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"saver-1", "saver-2"})
    void itIsFinishedThoughASaverIsKilled(String saver) {
        try (Crowd crowd = crowd(rooms, PEOPLE)) {
            String job = begun(crowd, RATE);
            faults.cluster().part(saver).kill();
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnceAtTheRate(crowd, RATE);
            assertCountsAddUp(job);
        }
    }

    /** Its clients go to the other one and say what they have. */
    @Test
    void itIsFinishedThoughARoomIsKilled() {
        try (Crowd crowd = crowd(rooms, PEOPLE)) {
            String job = begun(crowd, RATE);
            faults.cluster().part("room-1").kill();
            JsonNode done = broadcasts.awaitState(job, "done");
            assertAllHaveItOnceAtTheRate(crowd, RATE);
            assertThat(done.get("targeted").asInt()).isBetween(PEOPLE, 2 * PEOPLE);
            assertThat(done.get("sent").asInt())
                    .as("a room that dies does not tell all that it has sent: %s", done)
                    .isBetween(PEOPLE - RATE, PEOPLE);
            assertThat(done.at("/per_room/room-2/left").asInt()).isZero();
            assertThat(done.get("skipped").asInt())
                    .isEqualTo(done.get("targeted").asInt() - done.get("sent").asInt());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "mysql"})
    void itIsFinishedThoughAStoreIsStoppedForSomeSeconds(String store) {
        try (Crowd crowd = crowd(rooms, PEOPLE)) {
            String job = begun(crowd, RATE);
            faults.cluster().part(store).stop();
            long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            await().until(() -> System.nanoTime() > until);
            faults.cluster().part(store).resume();
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnceAtTheRate(crowd, RATE);
            assertCountsAddUp(job);
        }
    }

    @Test
    void aRoomThatJoinsInTheMiddleHasItsShareAndNoMore() {
        int rate = RATE / 4;
        try (Crowd crowd = crowd(rooms.subList(0, 1), PEOPLE)) {
            Part joining = faults.cluster().part("room-2");
            joining.kill();
            String job = begun(crowd, rate);
            joining.restart();
            await().atMost(PATIENCE).until(joining::isReady);
            crowd.moveTo(rooms);
            crowd.awaitBound();
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnceAtTheRate(crowd, rate);
        }
    }
}
