package io.longline.deploy.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Pushes of a back end that repeats what was refused for a while, and what was answered. */
final class PushLog {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CenterApi api;
    private final List<Answered> answered = new CopyOnWriteArrayList<>();

    /** In the order of the answers. */
    private record Answered(String word, String id, String user, long seq) {}

    PushLog(LocalCluster cluster) {
        api = new CenterApi(cluster.center(0), TestProduct.DEMO.id(), TestProduct.DEMO.apiSecret());
    }

    /** Returns when it was answered with success. */
    void push(String word, String user) {
        String id = SharedCluster.fresh(word);
        answered.add(new Answered(
                word, id, user, answer(id, user).result().get("seq").asLong()));
    }

    private Answer answer(String id, String user) {
        return Awaitility.await().atMost(PATIENCE).until(() -> api.pushWithId(id, user, "of " + id, "{}"), answer -> {
            assertThat(answer.status()).as("%s", answer.body()).isIn(200, 202, 429, 503);
            return answer.status() < 300;
        });
    }

    int size() {
        return answered.size();
    }

    boolean isOnline(String user) {
        return api.user(user).body().path("online").asBoolean();
    }

    /** The back end is not sure whether it was answered: the same ids again, which is the same copies. */
    void repeatAll(String word) {
        answered.stream()
                .filter(push -> push.word.equals(word))
                .forEach(push -> assertThat(
                                answer(push.id, push.user).result().get("seq").asLong())
                        .as("the seq of the repeated %s", push)
                        .isEqualTo(push.seq));
    }

    /** All that was answered is in the inbox, once; no seq was given twice, and what came later has the greater one. */
    void check(String user, List<JsonNode> inbox) {
        List<Answered> his =
                answered.stream().filter(push -> push.user.equals(user)).toList();
        List<String> ids =
                inbox.stream().map(push -> push.get("message_id").asText()).toList();
        assertThat(ids)
                .doesNotHaveDuplicates()
                .containsAll(his.stream().map(Answered::id).toList());
        assertThat(inbox)
                .extracting(push -> push.get("seq").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
        Map<Long, String> bySeq = new HashMap<>();
        for (Answered push : his) {
            assertThat(bySeq.put(push.seq, push.id))
                    .as("who had the seq of %s", push)
                    .isNull();
        }
        List<Answered> after =
                his.stream().filter(push -> push.word.equals("after")).toList();
        List<Answered> old = new ArrayList<>(his);
        old.removeAll(after);
        assertThat(after)
                .isNotEmpty()
                .allSatisfy(push -> assertThat(push.seq)
                        .isGreaterThan(old.stream()
                                .max(Comparator.comparingLong(Answered::seq))
                                .orElseThrow()
                                .seq));
    }
}
