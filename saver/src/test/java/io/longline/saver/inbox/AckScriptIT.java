package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.InboxStore.Watermark;
import io.longline.saver.inbox.RedisRecentAcks.Acked;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
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

    private String acks(String job) {
        String key = Shards.tag(phone.shard()) + ":acks:" + job;
        byte[] count = Shard.await(shard.redis.command(key, it -> it.get(key)));
        return count == null ? "none" : new String(count, StandardCharsets.US_ASCII);
    }

    private void storeOfJob(Endpoint endpoint, String id, String job) {
        NewCopy plain = Shard.copy(endpoint, id);
        shard.store(new NewCopy(endpoint, id, plain.expiresAtMs(), "", plain.urgency(), plain.message(), job));
    }

    @Test
    void acksOfAJobAreCountedWhoeverInherits() {
        Endpoint byDefault = phone.withDevice(Endpoint.DEFAULT_DEVICE);
        storeOfJob(byDefault, "m1", "job-1");
        shard.bindAny(phone);
        storeOfJob(phone, "m1", "job-1"); // it is there already
        storeOfJob(phone, "m2", "job-2");
        shard.store(phone, "m3");

        shard.ack(phone, shard.waiting(phone).getFirst());
        assertThat(acks("job-1")).isEqualTo("1");
        assertThat(acks("job-2")).isEqualTo("none");
        shard.ack(phone, 1L << 53);
        shard.ack(phone, 1L << 53);
        assertThat(acks("job-1")).isEqualTo("1");
        assertThat(acks("job-2")).isEqualTo("1");
        assertThat(shard.left(Shards.tag(phone.shard()) + ":acks:job-1")).isBetween(1L, 3 * 86_400_000L);
    }

    private List<Acked> recent(int from, int most) {
        return Shard.await(new RedisRecentAcks(shard.redis).page(phone.shard(), from, most)).stream()
                .filter(acked -> acked.endpoint().user().equals(phone.user()))
                .toList();
    }

    @Test
    void whoAcknowledgedOfLateIsKnownWithItsWatermark() {
        Endpoint pad = phone.withDevice("pad");
        shard.ack(phone, shard.store(phone, "m1").seq());
        long ofPad = shard.ack(pad, shard.store(pad, "m1").seq());
        Endpoint silent = phone.withDevice("silent");
        shard.ack(silent, 7); // it has nothing to acknowledge
        long ofPhone = shard.ack(phone, shard.store(phone, "m2").seq());

        assertThat(recent(0, 100)).containsExactlyInAnyOrder(new Acked(phone, ofPhone), new Acked(pad, ofPad));
        assertThat(recent(0, 1)).containsExactly(new Acked(phone, ofPhone));
        assertThat(recent(1, 1)).containsExactly(new Acked(pad, ofPad));

        String key = InboxKeys.acked(phone.shard());
        byte[] member = pad.text().getBytes(StandardCharsets.UTF_8);
        double longAgo = System.currentTimeMillis() - 31_000.0;
        Shard.await(shard.redis.command(key, it -> it.zadd(key, longAgo, member)));
        long later = shard.ack(phone, shard.store(phone, "m3").seq());
        assertThat(recent(0, 100)).containsExactly(new Acked(phone, later));
    }

    @Test
    void anAckOfAnOlderMessageLeavesTheNewerOneWithItsId() {
        long older = shard.store(phone, "m1").seq();
        long newer = shard.reuse(phone, "m1");

        shard.ack(phone, older);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
        assertThat(shard.waiting(phone)).containsExactly(newer);
        shard.ack(phone, newer);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }

    @Test
    void aClientReadsAndItsAckFreesMemoryWhereNoneIsLeft() {
        shard.bindAny(phone);
        long seq = shard.store(phone, "m1").seq();

        shard.whileFull(() -> {
            assertThatThrownBy(() -> shard.store(phone, "m2"))
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            assertThat(shard.open(phone, 0, 7).orElseThrow().messages()).hasSize(1);
            assertThat(shard.ack(phone, seq)).isEqualTo(seq);
        });
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }
}
