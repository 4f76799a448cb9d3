package io.longline.saver.schedule;

import static io.longline.saver.testing.SaverClient.copy;
import static io.longline.saver.testing.SchedulesClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Cancelled;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.DueMessage;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.KeepReply;
import io.longline.rpc.v1.State;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.saver.testing.SchedulesClient;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that are to be sent later, through two savers, and what is left of them when Redis is emptied. */
@Timeout(180)
final class ScheduleIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final long HOUR_MS = 3_600_000;
    private static final AtomicInteger ids = new AtomicInteger();
    private static SaverCluster cluster;
    private static SaverClient client;
    private static SchedulesClient schedules;
    private final String id = "later-" + ids.incrementAndGet();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        cluster.start();
        client = cluster.client;
        schedules = new SchedulesClient(client);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void loseEverything() {
        RedisStore.await(cluster.redis.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));
    }

    private List<String> looked() {
        return client.look("demo", id).stream().map(ScheduleIT::text).toList();
    }

    private static String text(Copy copy) {
        return copy.getUser() + "/" + copy.getDevice() + " " + copy.getState();
    }

    private DueMessage due() {
        return Awaitility.await()
                .until(() -> schedules.due("demo", id), found -> !found.isEmpty())
                .getFirst();
    }

    @Test
    void untilItIsDueItIsScheduledAndItsIdIsTaken() {
        assertThat(schedules.keep(message("demo", id, now + HOUR_MS))).isEqualTo(KeepReply.getDefaultInstance());

        assertThat(looked()).containsExactly("u1/ SCHEDULED", "u2/pad SCHEDULED");
        assertThat(schedules.due("demo", id)).isEmpty();
        assertThat(schedules.keep(message("demo", id, now + HOUR_MS)).getRepeated())
                .isTrue();
        assertThat(client.claim("demo", id, "body of " + id).getRecorded()).isTrue();
        assertThatThrownBy(() -> client.claim("demo", id, "another"))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_CONFLICT));
        assertThatThrownBy(() -> schedules.keep(message("demo", id, now + HOUR_MS).toBuilder()
                        .clearBodyHash()
                        .build()))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_CONFLICT));
    }

    @Test
    void whatWasSentIsToldByItsCopiesAndItsTargetsWithoutOneByTheirEnds() {
        schedules.keep(message("demo", id, now - 5));
        DueMessage due = due();
        assertThat(due.getPush().toStringUtf8()).isEqualTo("push of " + id);
        assertThat(due.getSendAtMs()).isEqualTo(now - 5);
        Endpoint phone = SaverClient.endpoint("demo", "u1", "phone");
        long seq = client.store(phone, id).getSeq();
        client.record("demo", id, copy(phone, seq));
        assertThat(looked()).containsExactly("u2/pad SCHEDULED", "u1/phone STORED");

        schedules.finish(due);
        assertThat(looked()).containsExactly("u2/pad EXPIRED", "u1/phone STORED");
        assertThat(schedules.keep(message("demo", id, now - 5)).getOver()).isTrue();
        assertThat(schedules.cancel("demo", id)).isEqualTo(Cancelled.CANCEL_NOTHING);
    }

    @Test
    void whatIsPutOffIsRecalledWhereItIsNot() {
        schedules.keep(message("demo", id, now - 5));
        DueMessage due = due();
        assertThat(schedules.cancel("demo", id)).isEqualTo(Cancelled.CANCEL_BEGUN);
        Endpoint phone = SaverClient.endpoint("demo", "u1", "phone");
        client.record("demo", id, copy(phone, client.store(phone, id).getSeq()));
        schedules.postpone(due, 600_000, true);

        assertThat(schedules.cancel("demo", id)).isEqualTo(Cancelled.CANCEL_DONE);
        assertThat(looked()).containsExactly("u2/pad RECALLED", "u1/phone STORED");
    }

    @Test
    void aLossOfRedisLosesNothingThatIsToBeSent() {
        schedules.keep(message("demo", id, now + 1500));
        loseEverything();

        assertThat(looked()).containsExactly("u1/ SCHEDULED", "u2/pad SCHEDULED");
        assertThat(client.claim("demo", id, "body of " + id).getRecorded()).isTrue();
        assertThat(due().getPush().toStringUtf8()).isEqualTo("push of " + id);
    }

    @Test
    void whatWasBegunBeforeTheLossIsBegunAgainBeforeItCanBeRecalled() {
        schedules.keep(message("demo", id, now - 5));
        due();
        loseEverything();

        assertThat(schedules.cancel("demo", id)).isEqualTo(Cancelled.CANCEL_BEGUN);
        schedules.finish(due());
        assertThat(schedules.due("demo", id)).isEmpty();
    }

    @Test
    void whatWasSentOrRecalledBeforeTheLossIsNeverDueAgain() {
        schedules.keep(message("demo", id, now - 5));
        schedules.finish(due());
        String recalled = id + "-recalled";
        schedules.keep(message("demo", recalled, now + 500));
        assertThat(schedules.cancel("demo", recalled)).isEqualTo(Cancelled.CANCEL_DONE);
        loseEverything();

        assertThat(client.look("demo", recalled).stream().map(ScheduleIT::text))
                .containsExactly("u1/ RECALLED", "u2/pad RECALLED");
        assertThat(schedules.keep(message("demo", recalled, now + 500)).getOver())
                .isTrue();
        String after = id + "-after";
        schedules.keep(message("demo", after, now + 1000));
        Awaitility.await().until(() -> !schedules.due("demo", after).isEmpty());
        assertThat(schedules.due("demo", id)).isEmpty();
        assertThat(schedules.due("demo", recalled)).isEmpty();
    }

    @Test
    void ofDurabilityRedisWhatWasJournaledComesBack() {
        schedules.keep(message("fast", id, now + HOUR_MS));
        try (JournalView journal = new JournalView(mysql.jdbcUrl())) {
            journal.awaitScheduled("fast", id);
        }
        loseEverything();
        assertThat(client.look("fast", id)).extracting(Copy::getState).containsOnly(State.SCHEDULED);
    }

    @Test
    void wrongRequestsAreNamed() {
        assertThatThrownBy(() -> schedules.keep(message("demo", id, 0))).hasMessageContaining("send_at_ms");
        assertThatThrownBy(() -> schedules.keep(
                        message("demo", id, now).toBuilder().clearTargets().build()))
                .hasMessageContaining("targets");
        assertThatThrownBy(() -> schedules.due(256)).hasMessageContaining("shard");
    }
}
