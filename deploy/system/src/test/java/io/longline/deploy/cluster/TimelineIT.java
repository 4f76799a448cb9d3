package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The way of a message, told from the center that accepted it to the client's ack. */
final class TimelineIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("told");

    private static JsonNode stages(String messageId) {
        return cluster.api()
                .get("/v1/messages/" + messageId + "/timeline")
                .body()
                .get("stages");
    }

    /** Each as {@code stage node}. */
    private static List<String> told(String messageId) {
        List<String> told = new ArrayList<>();
        stages(messageId)
                .forEach(stage -> told.add(
                        stage.get("stage").asText() + " " + stage.path("node").asText()));
        return told;
    }

    private void ack(JsonLink link, Answer sent) {
        link.ack(1, sent.result().get("seq").asLong());
        await().until(() -> cluster.api().message(sent.messageId()).state().equals("acked"));
    }

    @Test
    void aPushToWhoIsThere() {
        long before = System.currentTimeMillis();
        try (JsonLink link = cluster.connect(1, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            Answer sent = cluster.api().push(user, "hello");
            link.frames().next("push");
            ack(link, sent);

            assertThat(told(sent.messageId()))
                    .containsExactly(
                            "accepted center-1", "stored saver-1", "routed room-2", "written room-2", "acked room-2");
            long last = before - 1000;
            for (JsonNode stage : stages(sent.messageId())) {
                assertThat(stage.get("at_ms").asLong()).isBetween(last, System.currentTimeMillis() + 1000);
                last = stage.get("at_ms").asLong();
                assertThat(stage.path("device").asText())
                        .isEqualTo(stage.get("stage").asText().equals("accepted") ? "" : "phone");
            }
        }
    }

    @Test
    void aPushToWhoComesLater() {
        Answer sent = cluster.api().push(user, "waits");
        assertThat(told(sent.messageId())).containsExactly("accepted center-1", "stored saver-1");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).hasSize(1);
            assertThat(cluster.api().message(sent.messageId()).state()).isEqualTo("written");
            ack(link, sent);
        }

        assertThat(told(sent.messageId()))
                .containsExactly("accepted center-1", "stored saver-1", "written room-1", "acked room-1");
    }

    @Test
    void whatGivesWayAndWhatIsRecalledSayByWhom() {
        Answer older = cluster.api().push(user, "older", "{\"collapse_key\":\"k\"}");
        Answer newer = cluster.api().push(user, "newer", "{\"collapse_key\":\"k\"}");
        cluster.api().recall(newer.messageId());

        assertThat(told(older.messageId())).containsExactly("accepted center-1", "stored saver-1", "collapsed saver-1");
        assertThat(told(newer.messageId())).containsExactly("accepted center-1", "stored saver-1", "recalled center-1");
    }

    @Test
    void theIdIsInTheLogOfEveryServiceThatHasTheMessage() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.longline");
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(log);
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            String word = "message_id=" + cluster.api().push(user, "hello").messageId() + " ";
            Set<String> services = new ConcurrentSkipListSet<>();
            await().ignoreExceptions().until(() -> {
                List.copyOf(log.list).stream()
                        .filter(line -> line.getFormattedMessage().contains(word))
                        .forEach(line -> services.add(line.getLoggerName().split("[.]", -1)[2]));
                return services.containsAll(Set.of("center", "saver", "room"));
            });
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
    }

    @Test
    void nobodyElsesMessageIsTold() {
        assertThat(cluster.api().get("/v1/messages/" + user + "/timeline").status())
                .isEqualTo(404);
    }
}
