package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.Crowd;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may read a broadcast by the state that its job is in, also those who come meanwhile. */
final class BroadcastStatesIT {
    private static final int PEOPLE = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);
    private final Crowd crowd = Crowd.at(cluster.rooms(), product, SharedCluster.fresh("crowd"), PEOPLE);
    /** Whose device is known, and who is not there when it begins. */
    private final String comer = SharedCluster.fresh("comer");

    @AfterEach
    void close() {
        crowd.close();
    }

    private JsonLink come(int room) {
        return cluster.connect(room, product, comer, "phone");
    }

    private void knowComer() {
        come(0).close();
        await().atMost(PATIENCE)
                .until(() -> !cluster.api(product, 0)
                        .user(comer)
                        .body()
                        .path("online")
                        .asBoolean());
    }

    private static JsonNode nextPush(JsonLink link) {
        return link.frames().skipTo("push", "caught_up");
    }

    /** What is sent to the user alone comes next. */
    private void assertNothingElseComes(JsonLink link) {
        String direct = cluster.api(product, 0).push(comer, "direct").messageId();
        assertThat(nextPush(link).get("message_id").asText()).isEqualTo(direct);
    }

    private void assertAllHaveItOnce(String text) {
        crowd.awaitAll(text);
        assertThat(crowd.arrivals().of(text).times().values()).containsOnly(1L);
        assertThat(crowd.complaints()).isEmpty();
    }

    @Test
    void whoComesWhileItIsPausedGetsItWhenItGoesOn() {
        knowComer();
        String job = broadcasts.begin("paused", ",\"rate_per_s\":10");
        crowd.awaitSome("paused", 5);
        broadcasts.change(job, "\"state\":\"paused\"");
        try (JsonLink link = come(1)) {
            assertNothingElseComes(link);

            broadcasts.change(job, "\"state\":\"running\",\"rate_per_s\":0");
            assertThat(nextPush(link).get("text").asText()).isEqualTo("paused");
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnce("paused");
            assertThat(broadcasts.job(job).get("sent").asInt()).isEqualTo(PEOPLE + 1);
            assertNothingElseComes(link);
        }
    }

    @Test
    void whoComesWhileItRunsGetsItOnceThoughItIsNearlyDone() {
        knowComer();
        String job = broadcasts.begin("running", ",\"rate_per_s\":20");
        crowd.awaitSome("running", PEOPLE / 2);
        try (JsonLink link = come(1)) {
            assertThat(nextPush(link).get("text").asText()).isEqualTo("running");
            broadcasts.awaitState(job, "done");
            assertNothingElseComes(link);
        }
    }

    @Test
    void onceItIsCancelledNobodyElseGetsItAndTheNextOneLeavesNoGap() {
        knowComer();
        String job = broadcasts.begin("cancelled", ",\"rate_per_s\":10");
        String next = broadcasts.begin("next", "");
        crowd.awaitSome("cancelled", 5);

        assertThat(Broadcasts.state(broadcasts.change(job, "\"state\":\"cancelled\"")))
                .isEqualTo("cancelled");

        broadcasts.awaitState(next, "done");
        assertAllHaveItOnce("next");
        int had = crowd.arrivals().of("cancelled").size();
        assertThat(had).isBetween(5, PEOPLE - 1);
        assertThat(crowd.arrivals().of("cancelled").times().values()).containsOnly(1L);
        JsonNode ended = broadcasts.awaitJob(job, now -> now.get("sent").asInt() == had);
        assertThat(ended.get("targeted").asInt()).isEqualTo(PEOPLE);
        assertThat(ended.get("skipped").asInt()).isEqualTo(PEOPLE - had);
        try (JsonLink link = come(1)) {
            assertThat(nextPush(link).get("text").asText()).isEqualTo("next");
            assertNothingElseComes(link);
        }
    }

    @Test
    void whatIsRecalledWhenItIsDoneIsReadByNobodyAnyMore() {
        knowComer();
        JsonNode done = broadcasts.toTheEnd("recalled", "");
        crowd.awaitAll("recalled");
        cluster.api(product, 1).recall(done.get("message_id").asText());
        await().atMost(PATIENCE)
                .until(() -> !broadcasts
                        .job(done.get("job_id").asText())
                        .path("recalled")
                        .isMissingNode());
        broadcasts.toTheEnd("kept", "");
        await().atMost(PATIENCE).until(() -> "kept".equals(firstOf(come(1))));
        assertAllHaveItOnce("kept");
    }

    private static String firstOf(JsonLink link) {
        try (link) {
            return nextPush(link).get("text").asText();
        }
    }

    // ---- canaries ----

    /** The hash of the contract between the modules, written once more. */
    private Set<String> canary(String job, int permille) {
        return crowd.users().stream()
                .filter(user -> number(product.id() + '\0' + user + '\0' + job) < permille)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long number(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % 1_000;
    }

    @Test
    void aCanaryGetsItFirstThenItIsHeldAndGoesOnWhenItIsToRun() {
        knowComer();
        String job = broadcasts.begin("canary", ",\"canary_permille\":250");
        JsonNode holding = broadcasts.awaitState(job, "holding");
        Set<String> few = canary(job, 250);
        await().atMost(PATIENCE).until(() -> crowd.arrivals().users().size() >= few.size());
        assertThat(crowd.arrivals().users()).isEqualTo(few);
        assertThat(holding.get("canary_permille").asInt()).isEqualTo(250);
        assertThat(holding.get("sent").asInt()).isEqualTo(few.size());

        broadcasts.change(job, "\"canary_permille\":500");
        Set<String> half = canary(job, 500);
        await().atMost(PATIENCE).until(() -> crowd.arrivals().users().size() >= half.size());
        broadcasts.awaitState(job, "holding");
        assertThat(crowd.arrivals().users()).isEqualTo(half).containsAll(few);

        try (JsonLink link = come(0)) {
            assertNothingElseComes(link);
            assertThat(crowd.arrivals().users()).isEqualTo(half);

            broadcasts.change(job, "\"state\":\"running\"");
            broadcasts.awaitState(job, "done");
            assertAllHaveItOnce("canary");
            assertThat(nextPush(link).get("text").asText()).isEqualTo("canary");
            assertNothingElseComes(link);
        }
    }

    @Test
    void whileItIsHeldTheNextOfItsTopicWaitsAndWhenItIsCancelledGoesAhead() {
        String held = broadcasts.begin("held", ",\"canary_permille\":250");
        broadcasts.awaitState(held, "holding");
        String next = broadcasts.begin("next", "");
        String elsewhere = broadcasts.begin("elsewhere", ",\"topic\":\"*other\"");
        broadcasts.awaitState(elsewhere, "done");
        assertThat(Broadcasts.state(broadcasts.job(next))).isEqualTo("queued");

        broadcasts.change(held, "\"state\":\"cancelled\"");
        broadcasts.awaitState(next, "done");
        assertAllHaveItOnce("next");
        assertThat(crowd.arrivals().of("held").users()).isEqualTo(canary(held, 250));
    }

    @Test
    void pausedBeforeItHasBegunItLetsLaterOnesPass() {
        String first = broadcasts.begin("first", ",\"rate_per_s\":20");
        String second = broadcasts.begin("second", "");
        String third = broadcasts.begin("third", "");
        broadcasts.change(second, "\"state\":\"paused\"");
        Stream.of(first, third).forEach(job -> broadcasts.awaitState(job, "done"));
        assertAllHaveItOnce("third");
        broadcasts.change(second, "\"state\":\"running\"");
        broadcasts.awaitState(second, "done");
        assertAllHaveItOnce("second");
        for (String user : crowd.users()) {
            assertThat(crowd.arrivals().textsOf(user)).as(user).isEqualTo(List.of("first", "third", "second"));
        }
    }
}
