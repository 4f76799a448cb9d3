package io.longline.saver.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
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
        records = new RedisRecords(shard.redis);
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
}
