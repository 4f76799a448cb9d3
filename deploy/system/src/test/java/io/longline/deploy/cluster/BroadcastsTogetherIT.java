package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many broadcasts of one topic at once, without a pace: each comes once and in order, and each is a job of its own. */
final class BroadcastsTogetherIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MANY = 24;

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);

    private JsonLink connected(int room) {
        JsonLink link = cluster.connect(room, product, SharedCluster.fresh("hearer"), "phone");
        link.frames().next("caught_up");
        return link;
    }

    /** They wait behind one that has a pace until all are there. */
    private List<String> queue(List<String> texts) {
        broadcasts.toTheEnd("before", "");
        String slow = broadcasts.begin("slow", ",\"rate_per_s\":1,\"canary_permille\":1");
        broadcasts.awaitJob(slow, job -> !Broadcasts.state(job).equals("queued"));
        List<String> jobs =
                texts.stream().map(text -> broadcasts.begin(text, "")).toList();
        broadcasts.change(slow, "\"state\":\"cancelled\"");
        return jobs;
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    private static List<String> heard(JsonLink link, int count) {
        List<String> heard = new ArrayList<>();
        while (heard.size() < count) {
            String text = link.frames().next("push").get("text").asText();
            if (text.startsWith("text ")) {
                heard.add(text);
            }
        }
        return heard;
    }

    @Test
    void eachComesOnceAndInOrderAndItsJobCountsByItself() {
        List<String> texts = texts(MANY);
        try (JsonLink one = connected(0);
                JsonLink other = connected(1);
                JsonLink third = connected(1)) {
            List<String> jobs = queue(texts);
            for (JsonLink link : List.of(one, other, third)) {
                assertThat(heard(link, MANY)).isEqualTo(texts);
            }
            List<Long> offsets = new ArrayList<>();
            for (String id : jobs) {
                JsonNode job = broadcasts.awaitState(id, "done");
                assertThat(job.get("targeted").asLong()).as("%s", job).isEqualTo(3);
                assertThat(job.get("sent").asLong()).as("%s", job).isEqualTo(3);
                assertThat(Broadcasts.inRooms(job, "sent")).isEqualTo(3);
                offsets.add(job.get("offset").asLong());
            }
            assertThat(offsets).isSorted().doesNotHaveDuplicates();
            broadcasts.toTheEnd("text last", "");
            assertThat(heard(one, 1)).as("nothing comes twice").containsExactly("text last");
        }
    }

    @Test
    void oneInTheMiddleThatIsCancelledOrRestsDoesNotComeAndTheOthersDo() {
        List<String> texts = texts(8);
        try (JsonLink link = connected(0)) {
            broadcasts.toTheEnd("before", "");
            String slow = broadcasts.begin("slow", ",\"rate_per_s\":1,\"canary_permille\":1");
            broadcasts.awaitJob(slow, job -> !Broadcasts.state(job).equals("queued"));
            List<String> jobs =
                    texts.stream().map(text -> broadcasts.begin(text, "")).toList();
            broadcasts.change(jobs.get(2), "\"state\":\"cancelled\"");
            broadcasts.change(slow, "\"state\":\"cancelled\"");
            broadcasts.change(jobs.get(5), "\"state\":\"paused\"");

            await().atMost(SOON)
                    .until(() -> jobs.stream()
                            .map(id -> Broadcasts.state(broadcasts.job(id)))
                            .allMatch(state -> List.of("done", "cancelled", "paused", "queued")
                                    .contains(state)));
            broadcasts.change(jobs.get(5), "\"state\":\"running\"");
            broadcasts.awaitState(jobs.getLast(), "done");
            broadcasts.awaitState(jobs.get(5), "done");
            assertThat(heard(link, 7)).doesNotContain(texts.get(2)).doesNotHaveDuplicates();
        }
    }
}
