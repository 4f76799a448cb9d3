package io.longline.center.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code GET} and {@code DELETE} of messages to topics. Nobody tells rooms but the sends themselves. */
@Timeout(60)
class TopicRecallIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String MESSAGE = "/v1/messages/m-1";
    private static final String BODY = "{\"message_id\":\"m-1\",\"payload\":{\"n\":1},\"options\":{\"ttl_s\":60}}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval",
                        "1h",
                        "center.topics.interval",
                        "1h",
                        "center.topics.tell-wait",
                        "15s"));
        kit.room().follow(5, 2);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String body) {
        return kit.api().post("/v1/topics/news:send", body);
    }

    private Answer delete(String path) {
        return kit.api().exchange("DELETE", path, BodyPublishers.noBody());
    }

    private List<Message> log() {
        return kit.saver().topics().messages("shop", "news");
    }

    @Test
    void aMessageIsAskedForByItsId() {
        Answer sent = send(BODY);

        Answer message = kit.api().get(MESSAGE);

        assertThat(message.status()).isEqualTo(200);
        assertThat(message.text("/message_id")).isEqualTo("m-1");
        assertThat(message.text("/status")).isEqualTo("stored");
        assertThat(message.json().get("results")).isEmpty();
        assertThat(message.json().get("job"))
                .isEqualTo(kit.api().get("/v1/jobs/" + sent.text("/job_id")).json());
        assertThat(kit.api("news").get(MESSAGE).text("/error/reason")).isEqualTo("MESSAGE_NOT_FOUND");
    }

    @Test
    void whatIsRecalledNobodyReadsAnyMoreAndItIsToldWhoHadIt() {
        Answer sent = send(BODY);
        send("{\"message_id\":\"m-2\",\"payload\":\"x\"}");

        Answer recalled = delete(MESSAGE);

        assertThat(recalled.status()).isEqualTo(200);
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        assertThat(recalled.json().at("/job/recalled").asBoolean()).isTrue();
        assertThat(recalled.json().at("/job/targeted").asInt()).isEqualTo(5);
        assertThat(recalled.json().at("/job/sent").asInt()).isEqualTo(3);
        assertThat(log()).extracting(Message::getMessageId).containsExactly("m-2");
        assertThat(kit.api().get("/v1/topics/news/messages").json().findValuesAsText("message_id"))
                .containsExactly("m-2");
        assertThat(kit.api().get(MESSAGE).json()).isEqualTo(recalled.json());
        assertThat(kit.api().get("/v1/jobs/" + sent.text("/job_id")).json())
                .isEqualTo(recalled.json().get("job"));
        assertThat(delete(MESSAGE).json()).as("doing it again answers the same").isEqualTo(recalled.json());
    }

    @Test
    void theIdOfOneThatWasRecalledIsAnsweredAsBeforeAndReachesNobody() {
        Answer sent = send(BODY);
        delete(MESSAGE);
        CenterServer other = kit.addCenter("center-2");

        for (Answer again : List.of(send(BODY), kit.api(other, "shop").post("/v1/topics/news:send", BODY))) {
            assertThat(again.status()).isEqualTo(202);
            assertThat(again.header("Idempotent-Replay")).contains("true");
            assertThat(again.json()).isEqualTo(sent.json());
        }
        assertThat(log()).isEmpty();
        assertThat(kit.room().reached()).hasSize(1);
    }

    @Test
    void soIsOneWhoseIdWasMadeHere() {
        String id = send("{\"payload\":\"x\"}").text("/message_id");

        assertThat(kit.api().get("/v1/messages/" + id).text("/status")).isEqualTo("stored");
        assertThat(delete("/v1/messages/" + id).text("/status")).isEqualTo("recalled");

        assertThat(log()).isEmpty();
        assertThat(kit.api().get("/v1/messages/" + id).text("/status")).isEqualTo("recalled");
    }

    @Test
    void whatFailedHalfWayAndIsRecalledIsAppendedByNobodyLater() {
        kit.saver().topics().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        assertThat(send(BODY).status()).isEqualTo(503);
        assertThat(delete(MESSAGE).status()).isEqualTo(503);
        kit.saver().topics().fail(null);

        assertThat(delete(MESSAGE).text("/status")).isEqualTo("recalled");
        Answer again = send(BODY);

        assertThat(again.status()).isEqualTo(202);
        assertThat(log()).isEmpty();
        assertThat(kit.room().reached()).isEmpty();
        assertThat(kit.api()
                        .get("/v1/jobs/" + again.text("/job_id"))
                        .json()
                        .at("/recalled")
                        .asBoolean())
                .isTrue();
        assertThat(kit.api().get(MESSAGE).text("/status")).isEqualTo("recalled");
    }

    @Test
    void whereItsRecordIsLostOneWhoseIdWasClaimedIsRecalledAllTheSame() {
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "no memory"));
        send(BODY);
        String made = send("{\"payload\":\"x\"}").text("/message_id");
        kit.saver().failRecords(null);
        assertThat(kit.api().get(MESSAGE).text("/error/reason")).isEqualTo("MESSAGE_NOT_FOUND");

        assertThat(delete(MESSAGE).text("/status")).isEqualTo("recalled");

        assertThat(log()).extracting(Message::getMessageId).containsExactly(made);
        assertThat(kit.api().get(MESSAGE).text("/status")).isEqualTo("recalled");
        assertThat(delete("/v1/messages/" + made).text("/error/reason"))
                .as("nobody knows of it")
                .isEqualTo("MESSAGE_NOT_FOUND");
    }

    @Test
    void anotherProductRecallsNothingOfThis() {
        send(BODY);

        assertThat(kit.api("news")
                        .exchange("DELETE", MESSAGE, BodyPublishers.noBody())
                        .text("/error/reason"))
                .isEqualTo("MESSAGE_NOT_FOUND");
        assertThat(log()).hasSize(1);
    }

    @Test
    void whatLeftItsLogForLackOfRoomIsNotFound() {
        send(BODY);
        kit.saver().topics().trim("shop", "news", 1);

        Answer gone = kit.api().get(MESSAGE);

        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.text("/error/message")).contains("topic news");
    }
}
