package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Message;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.Journaled;
import io.longline.saver.rebuild.RestoreStore.Copy;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** begin.lua, rows.lua, acked.lua, finish.lua, and the scripts of the inbox that a rebuild uses. */
final class RestoreScriptsIT {
    private static final String REBUILD = "1-1";
    private static final long DAY_MS = 86_400_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisRestore restore;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint nobody = phone.withDevice("default");
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        restore = new RedisRestore(shard.redis, Duration.ZERO);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void served() {
        shard.mark();
    }

    /** Takes the mark away, as another Redis with the same data would. */
    private void begin() {
        String mark = InboxKeys.mark(phone.shard());
        Shard.await(shard.redis.command(mark, it -> it.del(mark)));
        assertThat(Shard.await(restore.begin(phone.shard(), REBUILD))
                        .orElseThrow()
                        .nowMs())
                .isBetween(now - 60_000, now + 60_000);
    }

    private void finish() {
        Shard.await(restore.finish(phone.shard(), REBUILD));
    }

    private boolean row(Endpoint holder, long seq, String id) {
        return row(holder, seq, id, Optional.empty());
    }

    private boolean row(Endpoint holder, long seq, String id, Optional<CopyState> end) {
        ByteString body = ByteString.copyFromUtf8("body of " + id);
        Journaled message = new Journaled(holder, seq, id, now + DAY_MS, end, "", body);
        return rows(new Copy(holder, message, end)) == 1;
    }

    private int rows(Copy... copies) {
        return Shard.await(restore.messages(phone.shard(), List.of(copies), REBUILD));
    }

    private static Copy waiting(Endpoint holder, long seq, String id, long expires, ByteString body) {
        return new Copy(holder, new Journaled(holder, seq, id, expires, Optional.empty(), "", body), Optional.empty());
    }

    private Copy waiting(Endpoint holder, long seq, String id) {
        return waiting(holder, seq, id, now + DAY_MS, ByteString.copyFromUtf8("body of " + id));
    }

    private Copy over(Endpoint holder, long seq, String id, CopyState state) {
        Journaled message = new Journaled(holder, seq, id, 0, Optional.of(state), "why", ByteString.EMPTY);
        return new Copy(holder, message, message.end());
    }

    private void acked(Acked... watermarks) {
        Shard.await(restore.watermarks(phone.shard(), List.of(watermarks), REBUILD));
    }

    private static void assertLost(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }

    @Test
    void aShardThatIsWellIsLeftAlone() {
        assertThat(Shard.await(restore.begin(phone.shard(), REBUILD))).isEmpty();
        assertLost(() -> row(phone, now * 1024, "m1"));
    }

    @Test
    void aShardIsServedWhenItIsFinishedAndNotBefore() {
        begin();
        assertLost(() -> shard.storeAny(phone, "m1"));
        finish();
        assertThat(shard.storeAny(phone, "m1")).isPositive();
        assertLost(() -> row(phone, now * 1024, "m2"));
    }

    @Test
    void nobodyFinishesOnTopOfARedisThatWasEmptiedMeanwhile() {
        begin();
        row(phone, now * 1024, "m1");
        shard.loseEverything();
        assertThat(Shard.await(restore.begin(phone.shard(), "2-1"))).isPresent();

        assertLost(() -> row(phone, now * 1024 + 1, "m2"));
        assertLost(this::finish);
        Shard.await(restore.finish(phone.shard(), "2-1"));
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void whatIsAbsentIsInsertedInOrderAndMarked() {
        begin();
        assertThat(row(phone, now * 1024 + 1, "m1")).isTrue();
        assertThat(row(phone, now * 1024 + 3, "m3")).isTrue();
        assertThat(row(phone, now * 1024 + 2, "m2")).isTrue();
        assertThat(row(phone, now * 1024 + 2, "m2")).isFalse();
        finish();

        assertThat(shard.bodies(phone)).containsExactly("body of m1", "body of m2", "body of m3");
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("STORED");
        assertThat(shard.unsent(phone)).isEqualTo(now * 1024 + 3);
        assertThat(shard.storeAny(phone, "m2")).isEqualTo(now * 1024 + 2);
        assertThat(shard.storeAny(phone, "m4")).isGreaterThan(now * 1024 + 3);
        assertThat(shard.left(InboxKeys.inbox(phone))).isBetween(DAY_MS - 60_000, DAY_MS + 120_000);
        assertThat(shard.left(InboxKeys.copies(phone) + "m2")).isBetween(DAY_MS - 60_000, DAY_MS + 1000);
    }

    @Test
    void itIsInsertedAlsoBelowASeqThatIsGone() {
        long dropped = shard.storeAny(phone, "gone");
        shard.storeAny(phone, "stays");
        shard.settleAny(phone, dropped, "gone", CopyState.DROPPED, "");
        long stays = shard.waiting(phone).getFirst();
        shard.settleAny(phone, stays, "stays", CopyState.STORED, "");
        shard.storeAny(phone, "top");
        shard.settleAny(phone, shard.waiting(phone).getLast(), "top", CopyState.DROPPED, "");

        begin();
        assertThat(row(phone, stays + 1, "m1")).isTrue();
        finish();
        assertThat(shard.bodies(phone)).containsExactly("body of stays", "body of m1");
    }

    @Test
    void whatIsThereIsNotOverwritten() {
        long seq = shard.storeAny(phone, "m1");
        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");
        begin();
        assertThat(row(phone, seq, "m1")).isFalse();
        finish();

        assertThat(shard.waiting(phone)).containsExactly(seq);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("WRITTEN");
        assertThat(shard.unsent(phone)).isZero();
    }

    @Test
    void whatWasAcknowledgedHereDoesNotComeBack() {
        long seq = shard.storeAny(phone, "m1");
        shard.ack(phone, seq);
        begin();
        assertThat(row(phone, seq, "m1")).isFalse();
        finish();

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }

    @Test
    void whatTheJournalKnowsAsAcknowledgedLeavesTheInboxOfAnOlderRedis() {
        long first = shard.storeAny(phone, "m1");
        long second = shard.storeAny(phone, "m2");
        begin();
        acked(new Acked(phone, first));
        acked(new Acked(phone.withDevice("pad"), second));
        assertThat(row(phone, first, "m1")).isFalse();
        assertThat(row(phone.withDevice("pad"), second, "m2")).isFalse();
        finish();

        assertThat(shard.waiting(phone)).containsExactly(second);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
        assertThat(shard.waiting(phone.withDevice("pad"))).isEmpty();
        assertThat(shard.ack(phone.withDevice("pad"), 5)).isEqualTo(second);
    }

    @Test
    void whatEndedOtherwiseBelowAWatermarkIsNotTakenForAcknowledged() {
        long dropped = shard.storeAny(phone, "m1");
        long acked = shard.storeAny(phone, "m2");
        begin();
        acked(new Acked(phone, acked));
        assertThat(rows(over(phone, dropped, "m1", CopyState.DROPPED))).isZero();
        assertThat(row(phone, acked, "m2")).isFalse();
        finish();

        assertThat(shard.copyOf(phone, "m1"))
                .containsEntry("state", "DROPPED")
                .containsEntry("reason", "why")
                .doesNotContainKey("guessed");
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("ACKED");
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void aFinalStateOfTheJournalIsRememberedAndEndsTheCopyOfAnOlderRedis() {
        long seq = shard.storeAny(phone, "m1");
        begin();
        assertThat(row(phone, seq, "m1", Optional.of(CopyState.DROPPED))).isFalse();
        assertThat(row(phone, seq + 1, "m2", Optional.of(CopyState.DROPPED))).isFalse();
        finish();

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("DROPPED");
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("DROPPED");
        assertThat(shard.storeAny(phone, "m2")).isEqualTo(seq + 1);
    }

    @Test
    void ofTwoRowsWithOneIdOneComesBack() {
        begin();
        acked(new Acked(phone, now * 1024 + 1));
        row(phone, now * 1024 + 1, "renumbered");
        assertThat(row(phone, now * 1024 + 5, "renumbered")).isTrue();
        assertThat(row(phone, now * 1024 + 6, "twice")).isTrue();
        assertThat(row(phone, now * 1024 + 7, "twice")).isTrue();
        finish();

        assertThat(shard.waiting(phone)).containsExactly(now * 1024 + 5, now * 1024 + 7);
    }

    @Test
    void theEndOfTheNewerRowWithAnIdIsTheMessages() {
        begin();
        assertThat(row(phone, now * 1024 + 6, "recalled")).isTrue();
        assertThat(row(phone, now * 1024 + 7, "recalled", Optional.of(CopyState.RECALLED)))
                .isFalse();
        finish();

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "recalled")).isEqualTo("RECALLED");
    }

    @Test
    void whatAnotherDeviceTookOverIsLeftToIt() {
        long seq = shard.storeAny(nobody, "m1");
        shard.bindAny(phone);
        begin();
        assertThat(row(nobody, seq, "m1")).isFalse();
        finish();

        assertThat(shard.waiting(nobody)).isEmpty();
        assertThat(shard.waiting(phone)).hasSize(1);
    }

    @Test
    void aRowThatTakesTheIdOfACopyThatHasEndedBeginsAWayOfItsOwn() {
        long ended = shard.storeAny(phone, "m1");
        shard.settleAny(phone, ended, "m1", CopyState.WRITTEN, "");
        shard.ack(phone, ended);
        begin();
        assertThat(row(phone, ended + 5, "m1")).isTrue();
        finish();

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
        assertThat(shard.copyOf(phone, "m1")).doesNotContainKeys("r", "w", "e");
    }

    @Test
    void anHeirOfTheJournalTakesOverWhatAnOlderRedisHasForDefault() {
        long before = shard.storeAny(nobody, "m1");
        long version = before + 1;
        begin();
        Shard.await(restore.heir(new Heir("demo", phone.user(), version, "phone"), REBUILD));
        assertThat(row(phone, before, "m1")).isFalse();
        finish();

        assertThat(shard.waiting(phone)).containsExactly(before);
        assertThat(shard.waiting(nobody)).isEmpty();
        assertThat(shard.bindAny(phone.withDevice("pad"))).isEqualTo(version);
        long after = shard.storeAny(nobody, "m2");
        assertThat(shard.waiting(phone)).containsExactly(before, after);
    }

    @Test
    void heirsOfTheJournalAreCarriedOutOneAfterTheOther() {
        begin();
        long first = now * 1024;
        Shard.await(restore.heir(new Heir("demo", phone.user(), first, "phone"), REBUILD));
        Shard.await(restore.heir(new Heir("demo", phone.user(), first + 1, ""), REBUILD));
        finish();
        long seq = shard.storeAny(nobody, "m1");
        assertThat(shard.waiting(nobody)).containsExactly(seq);

        begin();
        Shard.await(restore.heir(new Heir("demo", phone.user(), first, "phone"), REBUILD));
        finish();
        assertThat(shard.waiting(nobody)).containsExactly(seq);
        assertThat(shard.bindAny(phone)).isGreaterThan(seq);
        assertThat(shard.waiting(phone)).containsExactly(seq);
    }

    @Test
    void aCollapseKeyIsRestoredWithItsMessage() {
        ByteString body = Message.newBuilder().setCollapseKey("order").build().toByteString();
        begin();
        rows(waiting(phone, now * 1024, "older", now + DAY_MS, body));
        finish();

        long newer = shard.storeKeyedAny(phone, "newer", "order");
        assertThat(shard.waiting(phone)).containsExactly(newer);
        assertThat(shard.stateOf(phone, "older")).isEqualTo("COLLAPSED");
        assertThat(shard.left(InboxKeys.collapse(phone))).isPositive();
    }

    @Test
    void manyRowsOfManyEndpointsAreOneCall() {
        Endpoint pad = phone.withDevice("pad");
        long seq = now * 1024;
        begin();
        acked(new Acked(phone, seq), new Acked(pad, seq + 6));
        int inserted = rows(
                waiting(phone, seq, "acked"),
                waiting(phone, seq + 1, "m1"),
                waiting(pad, seq + 2, "m1"),
                over(phone, seq + 3, "dropped", CopyState.DROPPED),
                waiting(pad, seq + 4, "m4"),
                waiting(phone, seq + 5, "m5"),
                waiting(phone, seq + 6, "m5"),
                waiting(pad, seq + 7, "m7"));
        finish();

        assertThat(inserted).isEqualTo(3);
        assertThat(shard.waiting(phone)).containsExactly(seq + 1, seq + 6);
        assertThat(shard.waiting(pad)).containsExactly(seq + 7);
        assertThat(shard.stateOf(phone, "acked")).isEqualTo("ACKED");
        assertThat(shard.stateOf(phone, "dropped")).isEqualTo("DROPPED");
        assertThat(shard.stateOf(pad, "m4")).isEqualTo("ACKED");
        assertThat(shard.unsent(phone)).isEqualTo(seq + 6);
        assertThat(shard.storeAny(phone, "m8")).isGreaterThan(seq + 7);
    }

    @Test
    void rowsBetweenThoseOfAnOlderRedisGetTheirPlace() {
        long first = shard.storeAny(phone, "first");
        long last = shard.storeAny(phone, "last");
        long between = shard.storeAny(phone, "between");
        shard.settleAny(phone, between, "between", CopyState.DROPPED, "");
        shard.storeAny(phone, "top");
        shard.settleAny(phone, shard.waiting(phone).getLast(), "top", CopyState.DROPPED, "");
        begin();
        int inserted = rows(
                waiting(phone, first - 1, "before"),
                waiting(phone, first, "first"),
                waiting(phone, last + 1, "after last"),
                waiting(phone, between + 2, "after between"));
        finish();

        assertThat(inserted).isEqualTo(3);
        assertThat(shard.bodies(phone))
                .containsExactly(
                        "body of before",
                        "body of first",
                        "body of last",
                        "body of after last",
                        "body of after between");
        assertThat(shard.left(InboxKeys.inbox(phone))).isBetween(DAY_MS - 60_000, DAY_MS + 120_000);
    }

    @Test
    void whatCarryingADecisionOutMovesToAnotherSeqIsToldToTheJournal() {
        long stored = shard.storeAny(nobody, "m1");
        long seen = shard.storeAny(phone, "m2");
        shard.ack(phone, seen);
        Heir heir = new Heir("demo", phone.user(), seen + 1, "phone");
        begin();
        List<JournalEntry> owed = Shard.await(restore.heir(heir, REBUILD));
        List<JournalEntry> again = Shard.await(restore.heir(heir, REBUILD));
        Shard.await(restore.kept(heir, REBUILD));
        List<JournalEntry> kept = Shard.await(restore.heir(heir, REBUILD));
        finish();

        long moved = shard.waiting(phone).getFirst();
        assertThat(moved).isGreaterThan(seen);
        assertThat(owed).hasSize(3).isEqualTo(again);
        assertThat(owed.get(0)).isEqualTo(new JournalEntry.Moved(phone, stored));
        assertThat(owed.get(1)).isInstanceOfSatisfying(JournalEntry.Row.class, row -> {
            assertThat(row.endpoint()).isEqualTo(phone);
            assertThat(row.seq()).isEqualTo(moved);
            assertThat(row.messageId()).isEqualTo("m1");
        });
        assertThat(owed.get(2)).isEqualTo(heir);
        assertThat(kept).isEmpty();
    }

    @Test
    void whatCarryingADecisionOutTakesOverIsToldToTheJournal() {
        long stored = shard.storeAny(nobody, "m1");
        Heir heir = new Heir("demo", phone.user(), stored + 1, "phone");
        begin();
        List<JournalEntry> owed = Shard.await(restore.heir(heir, REBUILD));
        assertThat(owed).hasSize(3).contains(new JournalEntry.TakenOver(phone, List.of(stored)), heir);
        assertThat(owed.getFirst()).isInstanceOfSatisfying(JournalEntry.Row.class, row -> {
            assertThat(row.endpoint()).isEqualTo(phone);
            assertThat(row.seq()).isEqualTo(stored);
        });
        finish();
    }

    @Test
    void aDecisionOfTheJournalThatMovesNothingOwesItNothing() {
        begin();
        Heir heir = new Heir("demo", phone.user(), System.currentTimeMillis() * 1024 + 1_000_000, "phone");
        assertThat(Shard.await(restore.heir(heir, REBUILD))).isEmpty();
        finish();
    }

    @Test
    void whatHasExpiredMeanwhileIsRememberedOnly() {
        begin();
        assertThat(rows(waiting(phone, now * 1024, "m1", now - 1, ByteString.copyFromUtf8("late"))))
                .isZero();
        finish();

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("EXPIRED");
    }

    @Test
    void anOldMessageComesBackWithoutItsId() {
        long old = (now - 2 * DAY_MS) * 1024;
        begin();
        assertThat(row(phone, old, "m1")).isTrue();
        finish();

        assertThat(shard.waiting(phone)).containsExactly(old);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("none");
    }
}
