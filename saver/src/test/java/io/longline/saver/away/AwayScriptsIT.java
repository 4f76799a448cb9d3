package io.longline.saver.away;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.rpc.v1.Message;
import io.longline.saver.away.AwayStore.Absent;
import io.longline.saver.away.AwayStore.Away;
import io.longline.saver.away.AwayStore.Gathered;
import io.longline.saver.away.AwayStore.Waiting;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** absent.lua, leaving.lua, leave.lua, away.lua, gather.lua and return.lua, and what the inbox's scripts do meanwhile. */
final class AwayScriptsIT {
    private static final long DAY_MS = 86_400_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisAway away;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint nobody = phone.withDevice("default");
    private int ids;

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        away = new RedisAway(shard.redis, shard.told.events());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    /** Messages whose hints are settled. */
    private List<Long> stored(Endpoint endpoint, int count) {
        List<Long> seqs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seqs.add(shard.storeAny(endpoint, "m" + ++ids));
        }
        settled(endpoint, seqs.getLast());
        return seqs;
    }

    private static void settled(Endpoint endpoint, long seq) {
        shard.settleAny(endpoint, seq, "", CopyState.STORED, "");
    }

    private static List<Waiting> head(Endpoint endpoint) {
        return Shard.await(away.head(endpoint, 100));
    }

    /** What left. */
    private static List<Waiting> leave(Endpoint endpoint) {
        List<Waiting> head = head(endpoint);
        assertThat(leave(endpoint, head)).isTrue();
        return head;
    }

    private static boolean leave(Endpoint endpoint, List<Waiting> head) {
        return Shard.await(away.leave(endpoint, Duration.ZERO, head));
    }

    private static Away away(Endpoint endpoint) {
        return Shard.await(away.away(endpoint));
    }

    private static boolean comeBack(Endpoint endpoint, List<Waiting> messages) {
        Away as = away(endpoint);
        Gathered all = Shard.await(away.gather(endpoint, "name", messages));
        return Shard.await(away.putBack(endpoint, "name", as, all));
    }

    private static List<Absent> absent(Endpoint endpoint, Duration absence) {
        return Shard.await(away.absent(endpoint.shard(), absence, 100)).stream()
                .filter(one -> one.endpoint().equals(endpoint))
                .toList();
    }

    @Test
    void whatLeavesIsRememberedInTheBoxAlone() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> head = Shard.await(away.head(phone, 2));

        assertThat(head).extracting(Waiting::seq).isEqualTo(seqs.subList(0, 2));
        assertThat(leave(phone, head)).isTrue();
        assertThat(away(phone)).isEqualTo(new Away(seqs.get(1), 2, 0, 0));
        assertThat(head(phone)).extracting(Waiting::seq).containsExactly(seqs.get(2));
        leave(phone);
        assertThat(away(phone)).isEqualTo(new Away(seqs.get(2), 3, 0, 0));
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(shard.hash(InboxKeys.box(phone))).doesNotContainKey("bytes");
        assertThat(absent(phone, Duration.ZERO)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
    }

    @Test
    void whatComesBackIsAsItWas() {
        List<Long> seqs = stored(phone, 5);
        var boxed = shard.hash(InboxKeys.box(phone));
        List<Waiting> left = leave(phone);

        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).isEqualTo(seqs);
        assertThat(shard.bodies(phone)).first().isEqualTo("body of m1");
        assertThat(shard.hash(InboxKeys.box(phone))).isEqualTo(boxed);
        assertThat(shard.left(InboxKeys.inbox(phone))).isBetween(DAY_MS, DAY_MS + 120_000);
        assertThat(absent(phone, Duration.ZERO)).hasSize(1);
        assertThat(away(phone).upto()).isZero();
    }

    @Test
    void whatWasStoredMeanwhileComesAfterIt() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> left = leave(phone);
        long next = shard.storeAny(phone, "next");

        assertThat(comeBack(phone, left)).isTrue();
        seqs.add(next);
        assertThat(shard.waiting(phone)).isEqualTo(seqs);
        long last = shard.storeAny(phone, "last");
        seqs.add(last);
        assertThat(shard.waiting(phone)).isEqualTo(seqs);
    }

    @Test
    void anInboxMayLeaveAgainWhileItsOlderMessagesAreAway() {
        List<Waiting> left = new ArrayList<>();
        stored(phone, 3);
        left.addAll(leave(phone));
        stored(phone, 2);
        left.addAll(leave(phone));

        assertThat(away(phone).count()).isEqualTo(5);
        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).hasSize(5);
    }

    @Test
    void nothingLeavesWhereSomethingHasChanged() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> head = head(phone);
        shard.settleAny(phone, seqs.get(1), "m2", CopyState.DROPPED, "offline");
        assertThat(leave(phone, head)).isFalse();

        List<Waiting> rest = head(phone);
        shard.waiting(phone); // the client has shown up
        assertThat(Shard.await(away.leave(phone, Duration.ofMinutes(1), rest))).isFalse();
        assertThat(leave(phone, rest)).isTrue();
    }

    @Test
    void nothingLeavesWhileAHintIsNotSettledOrTheHeirNotJournaled() {
        long seq = shard.storeAny(phone, "m1");
        assertThat(head(phone)).isEmpty();
        assertThat(absent(phone, Duration.ZERO)).isEmpty();
        settled(phone, seq);
        List<Waiting> head = head(phone);
        assertThat(head).hasSize(1);

        long next = shard.storeAny(phone, "m2");
        assertThat(leave(phone, head)).isFalse();
        settled(phone, next);
        shard.bindOnly(phone);
        assertThat(head(phone)).isEmpty();
        assertThat(leave(phone, head)).isFalse();
        shard.bindAny(phone);
        assertThat(head(phone)).hasSize(2);
    }

    @Test
    void theLongestAbsentComeFirst() {
        Endpoint pad = phone.withDevice("pad");
        stored(pad, 1);
        stored(phone, 1);
        double seen = System.currentTimeMillis() - 30_000.0;
        String inboxes = InboxKeys.inboxes(phone.shard());
        byte[] member = phone.text().getBytes(StandardCharsets.US_ASCII);
        Shard.await(shard.redis.command(inboxes, it -> it.zadd(inboxes, seen, member)));

        List<Endpoint> order = Shard.await(away.absent(phone.shard(), Duration.ZERO, 100)).stream()
                .map(Absent::endpoint)
                .filter(one -> one.owner().equals(phone.owner()))
                .toList();
        assertThat(order).containsExactly(phone, pad);
        assertThat(absent(phone, Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void whoeverNeedsWhatIsAwayIsToldSo() {
        List<Long> seqs = stored(phone, 3);
        leave(phone);

        assertThat(shard.isAwayForLoad(phone, 0)).isTrue();
        assertThat(shard.isAwayForSession(phone, 7)).isTrue();
        assertThat(shard.isAwayForLoad(phone, seqs.getLast())).isFalse();
        assertThat(shard.isAwayForAck(phone, seqs.getFirst())).isTrue();
        assertThat(shard.isAwayForAck(phone, 0)).isFalse();
        assertThat(shard.isAwayForForget(phone)).isTrue();
        assertThat(shard.isAwayForPending(phone)).isFalse();
        assertThat(away(phone)).isEqualTo(new Away(seqs.getLast(), 3, 0, 0));
    }

    @Test
    void whoTakesOverNeedsWhatIsAway() {
        stored(nobody, 2);
        leave(nobody);
        assertThat(shard.isAwayForBind(phone)).isTrue();

        Endpoint other = Shard.someone("phone");
        stored(other, 1);
        leave(other);
        assertThat(shard.isAwayForBind(other)).isFalse();
        Endpoint third = Shard.someone("phone");
        stored(third, 1);
        stored(third.withDevice("default"), 1);
        leave(third);
        assertThat(shard.isAwayForBind(third)).isTrue();
    }

    @Test
    void whatIsAwayCountsInTheInbox() {
        List<Long> seqs = stored(phone, 3);
        leave(phone);

        assertThat(shard.pendingAny(phone)).isEqualTo(3);
        assertThat(shard.takes(phone, "m4", 3)).isFalse();
        assertThat(shard.takes(phone, "m4", 4)).isTrue();
        assertThat(shard.pendingAny(phone)).isEqualTo(4);
        assertThat(shard.beforeOf(phone, "m5")).isGreaterThan(seqs.getLast());
    }

    @Test
    void aHintBehindWhatIsAwayMakesTheRoomLoad() {
        List<Long> seqs = stored(phone, 3);
        leave(phone);

        assertThat(shard.beforeOf(phone, "m4")).isEqualTo(seqs.getLast());
        assertThat(shard.beforeOf(phone, "m3")).isEqualTo(seqs.getLast() - 1);
        assertThat(shard.storeAny(phone, "m2")).isEqualTo(seqs.get(1));
    }

    @Test
    void whatMayHaveExpiredThereIsLookedAt() {
        long seq = shard.storeAny(phone, "short", System.currentTimeMillis() - 60_000);
        settled(phone, seq);
        stored(phone, 1);
        List<Waiting> left = leave(phone);

        assertThat(shard.isAwayForPending(phone)).isTrue();
        assertThat(shard.isAwayWhenFull(phone, 2)).isTrue();
        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.pendingAny(phone)).isEqualTo(1);
        assertThat(shard.stateOf(phone, "short")).isEqualTo("EXPIRED");
    }

    @Test
    void whatExpiresWhileItIsAwayIsToldOnceAlsoWhereItsCopyIsForgotten() {
        Endpoint told = Shard.someoneTold("phone");
        stored(told, 3);
        List<Waiting> left = leave(told);
        String copy = InboxKeys.copies(told) + left.getFirst().messageId();
        Shard.await(shard.redis.command(copy, it -> it.del(copy)));
        long longAgo = System.currentTimeMillis() - DAY_MS;
        List<Waiting> over = left.stream()
                .map(one -> new Waiting(one.seq(), longAgo, one.messageId(), one.message()))
                .toList();
        Gathered _ = Shard.await(away.gather(told, "given up", over));

        assertThat(comeBack(told, over)).isTrue();
        assertThat(shard.pendingAny(told)).isZero();
        assertThat(shard.waiting(told)).isEmpty();

        assertThat(shard.toldBriefly(told))
                .containsExactlyInAnyOrder("message.expired m1", "message.expired m2", "message.expired m3");
    }

    @Test
    void whatEndsWhileItIsAwayDoesNotComeBack() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> left = leave(phone);
        shard.settleAny(phone, seqs.get(1), "m2", CopyState.DROPPED, "recalled");

        assertThat(away(phone).count()).isEqualTo(2);
        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).containsExactly(seqs.get(0), seqs.get(2));
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("DROPPED");
    }

    @Test
    void aNewerMessageTakesOutTheOlderOneAlsoWhereThatIsAway() {
        long older = shard.storeKeyedAny(phone, "older", "order");
        settled(phone, older);
        List<Waiting> left = leave(phone);
        long newer = shard.storeKeyedAny(phone, "newer", "order");

        assertThat(shard.stateOf(phone, "older")).isEqualTo("COLLAPSED");
        assertThat(away(phone).count()).isZero();
        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).containsExactly(newer);
    }

    @Test
    void aCollapseKeyComesBackWithItsMessage() {
        ByteString body = Message.newBuilder().setCollapseKey("order").build().toByteString();
        long older = shard.storeKeyedAny(phone, "older", "order");
        settled(phone, older);
        Waiting left = leave(phone).getFirst();
        comeBack(phone, List.of(new Waiting(left.seq(), left.expiresAtMs(), left.messageId(), body)));

        long newer = shard.storeKeyedAny(phone, "newer", "order");
        assertThat(shard.waiting(phone)).containsExactly(newer);
        assertThat(shard.stateOf(phone, "older")).isEqualTo("COLLAPSED");
    }

    @Test
    void nothingIsPutBackWhereWhatIsAwayHasChanged() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> left = leave(phone);
        Away as = away(phone);
        Gathered all = Shard.await(away.gather(phone, "name", left));
        shard.settleAny(phone, seqs.get(1), "m2", CopyState.DROPPED, "recalled");

        assertThat(Shard.await(away.putBack(phone, "name", as, all))).isFalse();
        assertThat(shard.exists(InboxKeys.coming(phone, "name"))).isZero();
        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).hasSize(2);
        assertThat(Shard.await(away.putBack(phone, "name", as, all))).isFalse();
        assertThat(shard.waiting(phone)).hasSize(2);
    }

    @Test
    void nothingIsPutBackWhereSomeOfWhatWasGatheredIsLost() {
        stored(phone, 3);
        List<Waiting> left = leave(phone);
        Away as = away(phone);
        Gathered all = Shard.await(away.gather(phone, "name", left));
        String coming = InboxKeys.coming(phone, "name");
        Shard.await(shard.redis.command(coming, it -> it.del(coming)));

        assertThat(Shard.await(away.putBack(phone, "name", as, all))).isFalse();
        assertThat(away(phone).count()).isEqualTo(3);
    }

    @Test
    void whatIsInBothIsThereOnce() {
        List<Long> seqs = stored(phone, 3);
        List<Waiting> left = leave(phone);
        comeBack(phone, left);
        shard.pretendAway(phone, seqs.getLast(), 3);

        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).isEqualTo(seqs);
    }

    @Test
    void whereNothingIsLeftThereIsNoInbox() {
        stored(phone, 2);
        leave(phone);

        assertThat(comeBack(phone, List.of())).isTrue();
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(away(phone).upto()).isZero();
    }

    @Test
    void howLongAClientIsAwayGoesByTheClockOfRedis() {
        stored(phone, 1);
        String inboxes = InboxKeys.inboxes(phone.shard());
        byte[] member = phone.text().getBytes(StandardCharsets.US_ASCII);
        Shard.await(shard.redis.command(inboxes, it -> it.zincrby(inboxes, -30_000, member)));

        assertThat(absent(phone, Duration.ofSeconds(40))).isEmpty();
        assertThat(absent(phone, Duration.ofSeconds(20))).hasSize(1);
        List<Waiting> head = head(phone);
        assertThat(Shard.await(away.leave(phone, Duration.ofSeconds(40), head))).isFalse();
        assertThat(Shard.await(away.leave(phone, Duration.ofSeconds(20), head))).isTrue();
    }

    @Test
    void whatLeavesFreesMemoryWhereNoneIsLeft() {
        long seq = shard.storeKeyedAny(phone, "m1", "order");
        settled(phone, seq);
        List<Waiting> head = head(phone);

        shard.whileFull(() -> assertThat(leave(phone, head)).isTrue());
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(away(phone)).isEqualTo(new Away(seq, 1, 0, 0));
    }

    @Test
    void aMessageComesBackThoughItsIdWasUsedAgainMeanwhile() {
        long older = shard.storeAny(phone, "m1");
        settled(phone, older);
        List<Waiting> left = leave(phone);
        long newer = shard.reuse(phone, "m1");
        shard.settleAny(phone, newer, "m1", CopyState.DROPPED, "offline");

        assertThat(comeBack(phone, left)).isTrue();
        assertThat(shard.waiting(phone)).containsExactly(older);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("DROPPED");
    }
}
