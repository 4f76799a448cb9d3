package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Arrivals;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.Crowd;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 10 where nothing is broken: how fast people get broadcasts, over two rooms, by when they came to them, and in which order. */
final class BroadcastPaceIT {
    private static final boolean LONG = Boolean.getBoolean("longline.test.long");
    private static final int PEOPLE = LONG ? 600 : 60;
    private static final int RATE = LONG ? 60 : 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);
    private final Crowd crowd = Crowd.at(cluster.rooms(), product, SharedCluster.fresh("crowd"), PEOPLE);

    @AfterEach
    void close() {
        crowd.close();
    }

    private static String rate(int perSecond) {
        return ",\"rate_per_s\":" + perSecond;
    }

    private void assertAllHaveItOnce(String text) {
        crowd.awaitAll(text);
        assertThat(crowd.arrivals().of(text).times().values()).containsOnly(1L);
        assertThat(crowd.complaints()).isEmpty();
    }

    @Test
    void inNoSecondMorePeopleGetItThanItsRateAndItsJobTellsHowFarItIs() {
        String job = broadcasts.begin("paced", rate(RATE));
        crowd.awaitSome("paced", RATE);
        JsonNode running = broadcasts.job(job);
        assertThat(Broadcasts.state(running)).isEqualTo("running");
        assertThat(running.get("targeted").asInt()).isEqualTo(PEOPLE);
        assertThat(running.get("eta_s").asInt()).isBetween(1, PEOPLE / RATE);
        assertThat(running.get("per_room").size()).isEqualTo(2);
        for (JsonNode room : running.get("per_room")) {
            assertThat(room.get("targeted").asInt()).isEqualTo(PEOPLE / 2);
            assertThat(room.get("sent").asInt() + room.get("left").asInt())
                    .as("but for those who are just being sent it: %s", room)
                    .isBetween(PEOPLE / 2 - RATE / 10, PEOPLE / 2);
        }
        assertThat(Broadcasts.inRooms(running, "sent"))
                .isEqualTo(running.get("sent").asInt());

        JsonNode done = broadcasts.awaitState(job, "done");
        assertAllHaveItOnce("paced");
        assertThat(done.get("sent").asInt()).isEqualTo(PEOPLE);
        assertThat(done.get("eta_s").asInt()).isZero();
        broadcasts.awaitJob(job, now -> now.get("acked").asInt() == PEOPLE);
        Arrivals paced = crowd.arrivals();
        assertThat(paced.mostInASecond()).isLessThanOrEqualTo(RATE);
        assertThat(paced.took()).isGreaterThan(Duration.ofSeconds((PEOPLE - RATE) / RATE));
    }

    @Test
    void itsRateIsChangedWhileItRuns() {
        String job = broadcasts.begin("changed", rate(RATE / 2));
        crowd.awaitSome("changed", RATE / 2);
        Arrivals slow = crowd.arrivals();

        broadcasts.change(job, "\"rate_per_s\":" + RATE * 2);
        crowd.awaitSome("changed", PEOPLE / 2);
        Arrivals fast = crowd.arrivals();

        assertThat(broadcasts.change(job, "\"rate_per_s\":2").get("rate_per_s").asInt())
                .isEqualTo(2);
        long slower = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        await().until(() -> System.nanoTime() - slower > Duration.ofSeconds(2).toNanos());
        Arrivals slowAgain = crowd.arrivals().after(slower);

        broadcasts.change(job, "\"rate_per_s\":0");
        broadcasts.awaitState(job, "done");
        assertAllHaveItOnce("changed");
        assertThat(slow.mostInASecond()).isLessThanOrEqualTo(RATE / 2);
        assertThat(fast.mostInASecond()).isLessThanOrEqualTo(RATE * 2);
        assertThat(slowAgain.mostInASecond()).isLessThanOrEqualTo(2);
    }

    @Test
    void itsRateInBytesIsAsManyPeopleAndIsChangedWhileItRuns() {
        int each = 64 + "bytes".length();
        String job = broadcasts.begin("bytes", ",\"bytes_per_s\":" + each * RATE / 2);
        crowd.awaitSome("bytes", RATE / 2);
        Arrivals slow = crowd.arrivals();

        JsonNode changed = broadcasts.change(job, "\"bytes_per_s\":" + each * RATE * 2);
        assertThat(changed.get("bytes_per_s").asInt()).isEqualTo(each * RATE * 2);
        assertThat(changed.get("rate_per_s").asInt()).isZero();
        broadcasts.awaitState(job, "done");
        assertAllHaveItOnce("bytes");
        assertThat(slow.mostInASecond()).isLessThanOrEqualTo(RATE / 2);
        assertThat(crowd.arrivals().mostInASecond()).isLessThanOrEqualTo(RATE * 2);
    }

    @Test
    void pausedItRestsWithinASecondAndGoesOnWhenItIsToRun() {
        String job = broadcasts.begin("paused", rate(RATE));
        crowd.awaitSome("paused", RATE / 2);

        assertThat(Broadcasts.state(broadcasts.change(job, "\"state\":\"paused\"")))
                .isEqualTo("paused");
        long paused = System.nanoTime();
        await().until(() -> System.nanoTime() - paused > Duration.ofSeconds(2).toNanos());

        Arrivals resting = crowd.arrivals();
        assertThat(resting.after(paused).size())
                .as("as many as come in a second")
                .isLessThanOrEqualTo(RATE);
        assertThat(resting.after(paused + Duration.ofSeconds(1).toNanos()).all())
                .isEmpty();
        assertThat(resting.size()).isLessThan(PEOPLE);
        assertThat(Broadcasts.state(broadcasts.job(job))).isEqualTo("paused");

        broadcasts.change(job, "\"state\":\"running\"");
        broadcasts.awaitState(job, "done");
        assertAllHaveItOnce("paused");
        assertThat(crowd.arrivals().mostInASecond()).isLessThanOrEqualTo(RATE);
    }

    @Test
    void ofOneTopicTheNextIsQueuedAndEverybodyGetsThemInOrder() {
        String first = broadcasts.begin("first", rate(RATE / 2));
        String second = broadcasts.begin("second", "");
        crowd.awaitSome("first", RATE / 2);
        assertThat(Broadcasts.state(broadcasts.job(first))).isEqualTo("running");
        assertThat(Broadcasts.state(broadcasts.job(second))).isEqualTo("queued");
        assertThat(crowd.arrivals().of("second").all()).isEmpty();

        broadcasts.change(first, "\"rate_per_s\":0");
        broadcasts.awaitState(second, "done");
        assertAllHaveItOnce("second");
        for (String user : crowd.users()) {
            assertThat(crowd.arrivals().textsOf(user)).as(user).containsExactly("first", "second");
        }
    }

    @Test
    void anUrgentTopicOvertakesOneThatIsPaced() {
        String slow = broadcasts.begin("slow", rate(RATE / 2));
        crowd.awaitSome("slow", 1);

        broadcasts.toTheEnd("storm", ",\"topic\":\"*urgent\"");

        assertAllHaveItOnce("storm");
        assertThat(Broadcasts.state(broadcasts.job(slow))).isEqualTo("running");
        assertThat(crowd.arrivals().of("slow").users().size()).isLessThan(PEOPLE);
        broadcasts.change(slow, "\"rate_per_s\":0");
        broadcasts.awaitState(slow, "done");
        assertAllHaveItOnce("slow");
    }

    /** The product's greatest rate is shared by those that run, and the usual one is that of a job that says none. */
    @Test
    void allOfAProductTogetherStayBelowItsGreatestRate() {
        Commands.Run set = Commands.run(
                "product", "set", product.id(), "broadcasts.most_per_s=" + RATE, "broadcasts.default_per_s=" + RATE);
        assertThat(set.exitCode()).as(set.err()).isZero();
        awaitRate();

        List<String> jobs = IntStream.range(0, 2)
                .mapToObj(
                        i -> broadcasts.begin("shared", ",\"topic\":\"*" + i + "\"" + (i == 0 ? "" : rate(10 * RATE))))
                .toList();

        jobs.forEach(job -> broadcasts.awaitState(job, "done"));
        await().atMost(PATIENCE).until(() -> crowd.arrivals().of("shared").size() >= 2 * PEOPLE);
        Arrivals shared = crowd.arrivals().of("shared"); // one of them may have had the held one, too
        assertThat(shared.times().values()).containsOnly(2L);
        assertThat(shared.mostInASecond()).isLessThanOrEqualTo(RATE);
    }

    /** Until both centers know it: the time that a held one may still take is told by the usual rate. */
    private void awaitRate() {
        String held = broadcasts.begin("held", ",\"topic\":\"*held\",\"canary_permille\":1");
        broadcasts.awaitState(held, "holding");
        for (int center = 0; center < 2; center++) {
            int asked = center;
            await().atMost(PATIENCE)
                    .until(() -> cluster.api(product, asked)
                            .job(held)
                            .body()
                            .get("eta_s")
                            .isNumber());
        }
        broadcasts.change(held, "\"state\":\"cancelled\"");
    }
}
