package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.InboxStore.Watermark;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AckScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @Test
    void everythingUpToTheSeqIsDeletedAndEachCopyMarked() {
        List<Long> seqs = IntStream.range(0, 450)
                .mapToObj(i -> shard.store(phone, "m" + i).seq())
                .toList();

        assertThat(shard.ack(phone, seqs.get(448))).isEqualTo(seqs.get(448));

        assertThat(shard.waiting(phone)).containsExactly(seqs.get(449));
        assertThat(IntStream.range(0, 449))
                .allMatch(i -> shard.stateOf(phone, "m" + i).equals("ACKED"));
        assertThat(shard.copyOf(phone, "m448").get("e")).matches("\\d+/room-1");
        assertThat(shard.stateOf(phone, "m449")).isEqualTo("STORED");
    }

    @Test
    void anAckIsClampedToTheLastSeqAssigned() {
        long last = shard.store(phone, "m1").seq();

        assertThat(shard.ack(phone, 1L << 53)).isEqualTo(last);
        long next = shard.store(phone, "m2").seq();
        assertThat(shard.waiting(phone)).containsExactly(next);
    }

    @Test
    void anAckNeverLowersTheWatermark() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();
        shard.ack(phone, second);

        assertThat(shard.acked(phone, first)).isEqualTo(new Watermark(second, false));
        assertThat(shard.acked(phone, 0)).isEqualTo(new Watermark(second, false));
    }

    @Test
    void anAckOfAnUnknownEndpointChangesNothing() {
        assertThat(shard.acked(phone, 5)).isEqualTo(new Watermark(0, false));
        assertThat(shard.exists(InboxKeys.box(phone))).isZero();
    }

    @Test
    void aCopyThatHadEndedKeepsItsEnd() {
        long longAgo = System.currentTimeMillis() - 60_000;
        shard.store(phone, "old", longAgo);
        shard.load(phone);
        long seq = shard.store(phone, "m1").seq();
        shard.ack(phone, seq);

        assertThat(shard.stateOf(phone, "old")).isEqualTo("EXPIRED");
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }

    @Test
    void anAckSettlesWhatItCoversAndNothingNewer() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();

        shard.ack(phone, first);
        assertThat(shard.unsent(phone)).isEqualTo(second);
        shard.ack(phone, second);
        assertThat(shard.unsent(phone)).isZero();
    }

    @Test
    void devicesOfAUserAreAcknowledgedApart() {
        Endpoint pad = phone.withDevice("pad");
        long onPhone = shard.store(phone, "m1").seq();
        long onPad = shard.store(pad, "m1").seq();

        shard.ack(phone, onPad);
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.waiting(pad)).containsExactly(onPad);
        assertThat(onPhone).isLessThan(onPad);
    }

    @Test
    void aWrittenCopyIsAcknowledgedLikeAStoredOne() {
        long seq = shard.store(phone, "m1").seq();
        Shard.await(shard.inbox.settle(new Settlement(phone, seq, "m1", CopyState.WRITTEN, "", Settlement.By.NOBODY)));
        shard.ack(phone, seq);

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }
}
