package io.longline.saver;

import static io.longline.saver.testing.SaverClient.copy;
import static io.longline.saver.testing.SaverClient.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Stage;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.TimelineEntry;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way of a message, as a saver on real stores tells it. */
@Timeout(120)
final class SaverTimelineIT {
    private static final String CENTER = "center-1";
    private static final String SAVER = "saver-7";

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static SaverCluster cluster;
    private static SaverClient client;
    private final Endpoint phone = SaverCluster.someone("demo");
    private final Endpoint pad = device(phone, "pad");
    private final String id = "told-" + phone.getUser();

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl()).with("instance", SAVER);
        cluster.start();
        client = cluster.client;
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void eachStageOfEachCopyIsToldInTheOrderOfTime() {
        long onPhone = client.store(phone, id).getSeq();
        long onPad = client.store(pad, id).getSeq();
        client.record("demo", id, copy(phone, onPhone), copy(pad, onPad));
        client.settle(phone, onPhone, id, State.WRITTEN, "");
        client.settle(pad, onPad, id, State.STORED, "");
        client.ack(phone, onPhone);
        client.open(pad, 0, 10, 1);
        client.settle(pad, onPad, id, State.DROPPED, "why");

        List<TimelineEntry> told = client.timeline("demo", id);

        assertThat(told)
                .extracting(TimelineEntry::getDevice, TimelineEntry::getStage, TimelineEntry::getNode)
                .contains(tuple("", Stage.STAGE_ACCEPTED, CENTER))
                .containsSubsequence(
                        tuple("phone", Stage.STAGE_STORED, SAVER),
                        tuple("phone", Stage.STAGE_ROUTED, SaverClient.ROOM),
                        tuple("phone", Stage.STAGE_WRITTEN, SaverClient.ROOM),
                        tuple("phone", Stage.STAGE_ACKED, SaverClient.ROOM))
                .containsSubsequence(
                        tuple("pad", Stage.STAGE_STORED, SAVER),
                        tuple("pad", Stage.STAGE_ROUTED, SaverClient.ROOM),
                        tuple("pad", Stage.STAGE_WRITTEN, SaverClient.ROOM),
                        tuple("pad", Stage.STAGE_DROPPED, SaverClient.ROOM));
        assertThat(told).hasSize(9);
        assertThat(told).isSortedAccordingTo(Comparator.comparingLong(TimelineEntry::getAtMs));
        assertThat(told.getFirst().getStage()).isEqualTo(Stage.STAGE_ACCEPTED);
        assertThat(told.getFirst().getUser()).isEmpty();
        assertThat(told.getFirst().getAtMs()).isPositive();
        assertThat(told.getLast().getReason()).isEqualTo("why");
        assertThat(told.getLast().getUser()).isEqualTo(phone.getUser());
    }

    @Test
    void whatNobodyRecordedIsNotFound() {
        client.store(phone, id);
        assertThatThrownBy(() -> client.timeline("demo", id))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_NOT_FOUND));
    }

    @Test
    void afterALossOfRedisWhatIsStillKnownIsTold() {
        long seq = client.store(phone, id).getSeq();
        client.record("demo", id, copy(phone, seq));
        client.settle(phone, seq, id, State.DROPPED, "offline");
        client.store(pad, id); // once it is answered, what came before it is in the journal, too
        RedisStore.await(cluster.redis.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));

        assertThatThrownBy(() -> client.timeline("demo", id)).isInstanceOf(LonglineException.class);
        assertThat(client.store(phone, id).getRepeated()).isTrue();
        client.record("demo", id, copy(phone, seq));

        assertThat(client.timeline("demo", id))
                .extracting(TimelineEntry::getStage, TimelineEntry::getAtMs, TimelineEntry::getReason)
                .contains(tuple(Stage.STAGE_STORED, seq / 1024, ""), tuple(Stage.STAGE_DROPPED, 0L, "offline"))
                .hasSize(3);
    }
}
