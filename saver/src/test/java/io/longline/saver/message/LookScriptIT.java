package io.longline.saver.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Ends;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.message.TimelineEntry.Stage;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LookScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisRecords records;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint nobody = phone.withDevice("default");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        records = new RedisRecords(shard.redis, Ends.UNCOUNTED, shard.told.events());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    private static CopyStatus look(Endpoint endpoint, long seq) {
        return Shard.await(records.look(new Told(endpoint, seq), "m1"));
    }

    @Test
    void aCopyIsFollowedToItsEnd() {
        long seq = shard.storeAny(phone, "m1");
        assertThat(look(phone, seq)).isEqualTo(new CopyStatus(phone, seq, CopyState.STORED, ""));

        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.WRITTEN);

        shard.ack(phone, seq);
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.ACKED);
    }

    @Test
    void aDroppedOneHasAReason() {
        long seq = shard.storeAny(phone, "m1");
        shard.settleAny(phone, seq, "m1", CopyState.DROPPED, "offline");

        assertThat(look(phone, seq)).isEqualTo(new CopyStatus(phone, seq, CopyState.DROPPED, "offline"));
    }

    @Test
    void whatExpiresWhileNobodyIsThereIsExpiredAtOnceAndForGood() {
        long seq = shard.storeAny(phone, "m1", System.currentTimeMillis());
        shard.settleAny(phone, seq, "m1", CopyState.STORED, "");

        assertThat(look(phone, seq).state()).isEqualTo(CopyState.EXPIRED);
        shard.ack(phone, seq);
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.EXPIRED);
    }

    @Test
    void whatExpiresByALookIsToldOnce() {
        Endpoint told = Shard.someoneTold("phone");
        long seq = shard.storeAny(told, "m1", System.currentTimeMillis());
        shard.settleAny(told, seq, "m1", CopyState.STORED, "");

        look(told, seq);
        look(told, seq);
        shard.pendingAny(told);

        assertThat(shard.toldBriefly(told)).containsExactly("message.expired m1");
    }

    @Test
    void whatIsOnItsWayWhenItExpiresMayStillBeAcknowledged() {
        long seq = shard.storeAny(phone, "m1", System.currentTimeMillis());
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.STORED);
        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.WRITTEN);
        shard.ack(phone, seq);
        assertThat(look(phone, seq).state()).isEqualTo(CopyState.ACKED);
    }

    @Test
    void whatWasWrittenAndNeverAcknowledgedExpiresAMomentLater() {
        long seq = shard.storeAny(phone, "m1", System.currentTimeMillis() - 11_000);
        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");

        assertThat(look(phone, seq).state()).isEqualTo(CopyState.EXPIRED);
    }

    @Test
    void aCopyThatMovedToTheHeirIsAnsweredThere() {
        long seq = shard.storeAny(nobody, "m1");
        shard.bindAny(phone);
        assertThat(look(nobody, seq)).isEqualTo(new CopyStatus(phone, seq, CopyState.STORED, ""));

        shard.bindAny(nobody);
        shard.ack(phone, seq);
        assertThat(look(nobody, seq)).isEqualTo(new CopyStatus(phone, seq, CopyState.ACKED, ""));
    }

    @Test
    void whereTheCopyIsForgottenTheInboxKnows() {
        long acked = shard.storeAny(phone, "m1");
        shard.ack(phone, acked);
        long waiting = shard.storeAny(phone, "m2");
        String copies = InboxKeys.copies(phone);
        Shard.await(shard.redis.command(copies, it -> it.del(copies + "m1", copies + "m2")));

        assertThat(look(phone, acked).state()).isEqualTo(CopyState.ACKED);
        assertThat(look(phone, waiting).state()).isEqualTo(CopyState.STORED);
        assertThat(look(phone, waiting + 1).state()).isEqualTo(CopyState.EXPIRED);
    }

    private static List<Stage> traced(Endpoint endpoint, long seq) {
        return Shard.await(records.trace(new Told(endpoint, seq), "m1")).stages().stream()
                .map(TimelineEntry::stage)
                .toList();
    }

    @Test
    void theWayOfACopyIsTold() {
        long seq = shard.storeAny(phone, "m1");
        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");
        shard.ack(phone, seq);

        CopyTrace trace = Shard.await(records.trace(new Told(phone, seq), "m1"));

        assertThat(trace.status()).isEqualTo(look(phone, seq));
        assertThat(trace.stages())
                .extracting(TimelineEntry::stage)
                .containsExactly(Stage.STORED, Stage.ROUTED, Stage.WRITTEN, Stage.ACKED);
        assertThat(trace.stages())
                .extracting(TimelineEntry::node)
                .containsExactly(Shard.SAVER, Shard.ROOM, Shard.ROOM, Shard.ROOM);
        assertThat(trace.stages()).isSortedAccordingTo(TimelineEntry.IN_ORDER);
        assertThat(trace.stages().getLast().atMs()).isBetween(seq / 1024, seq / 1024 + 60_000);
    }

    @Test
    void theWayOfACopyThatMovedGoesOnAtTheHeir() {
        long seq = shard.storeAny(nobody, "m1");
        shard.bindAny(phone);
        shard.settleAny(nobody, seq, "m1", CopyState.WRITTEN, "");

        CopyTrace trace = Shard.await(records.trace(new Told(nobody, seq), "m1"));

        assertThat(trace.status()).isEqualTo(new CopyStatus(phone, seq, CopyState.WRITTEN, ""));
        assertThat(trace.stages()).extracting(TimelineEntry::stage).contains(Stage.STORED, Stage.WRITTEN);
    }

    @Test
    void whatRanOutSaysWhen() {
        long ends = System.currentTimeMillis() - 60_000;
        long seq = shard.storeAny(phone, "m1", ends);

        CopyTrace trace = Shard.await(records.trace(new Told(phone, seq), "m1"));

        assertThat(trace.expiresAtMs()).isEqualTo(ends);
        assertThat(traced(phone, seq)).containsExactly(Stage.STORED, Stage.EXPIRED);
    }

    @Test
    void ofACopyThatIsForgottenTheInboxTellsTheEnd() {
        long seq = shard.storeAny(phone, "m1");
        shard.ack(phone, seq);
        String copy = InboxKeys.copies(phone) + "m1";
        Shard.await(shard.redis.command(copy, it -> it.del(copy)));

        assertThat(traced(phone, seq)).containsExactly(Stage.STORED, Stage.ACKED);
    }
}
