package io.longline.saver.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.ByteString;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.message.MessageId;
import io.longline.saver.message.MessageKeys;
import io.longline.saver.message.Recording;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** keep.lua, due.lua, finish.lua, postpone.lua and cancel.lua. */
final class ScheduleScriptsIT {
    private static final Duration BEGUN = Duration.ofSeconds(15);
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisSchedule schedule;
    private final MessageId id = new MessageId("demo", "later");
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        schedule = new RedisSchedule(shard.redis);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        shard.loseEverything();
        shard.mark();
    }

    private static Kept message(MessageId id, String hash, long sendAtMs) {
        return new Kept(
                id,
                ByteString.copyFromUtf8(hash),
                sendAtMs,
                sendAtMs + DAY_MS,
                "u1/ u2/phone",
                ByteString.copyFromUtf8("push of " + id.id()),
                Urgency.NORMAL);
    }

    private KeepOutcome keep(String hash, long sendAtMs) {
        return Shard.await(schedule.keep(message(id, hash, sendAtMs), true));
    }

    private Due due() {
        return due(10, BEGUN);
    }

    private Due due(int limit, Duration begun) {
        return Shard.await(schedule.due(id.shard(), limit, begun));
    }

    private CancelOutcome cancel() {
        return Shard.await(schedule.cancel(id));
    }

    private boolean finish(long run, Unreached... unreached) {
        return Shard.await(schedule.finish(id, run, List.of(unreached)));
    }

    private boolean postpone(long run, Duration delay, boolean certain) {
        return Shard.await(schedule.postpone(id, run, delay, certain));
    }

    private long used(String kind) {
        String noted = shard.hash(InboxKeys.used(id.shard())).getOrDefault(kind, "0");
        return Long.parseLong(noted);
    }

    private String record(String field) {
        return shard.hash(MessageKeys.record(id)).getOrDefault(field, "");
    }

    @Test
    void aMessageIsKeptOnceAndNotDueBeforeItsTime() {
        assertThat(keep("body", now + HOUR_MS)).isEqualTo(KeepOutcome.NEW);
        assertThat(keep("body", now + HOUR_MS)).isEqualTo(KeepOutcome.AGAIN);
        assertThat(keep("other", now + HOUR_MS)).isEqualTo(KeepOutcome.CONFLICT);

        Due none = due();
        assertThat(none.messages()).isEmpty();
        assertThat(none.waiting()).isEqualTo(1);
        assertThat(none.run()).isCloseTo(now, offset(60_000L));
    }

    @Test
    void itsRecordIsKeptAsLongAsItself() {
        keep("body", now + 20 * DAY_MS);

        assertThat(shard.left(MessageKeys.record(id))).isEqualTo(-1);
        assertThat(record("hash")).isEqualTo("body");
        assertThat(record("targets")).isEqualTo("u1/ u2/phone");
    }

    @Test
    void anIdThatNobodyChoseHasNoHashAndIsKeptAgainWithoutHarm() {
        assertThat(keep("", now + HOUR_MS)).isEqualTo(KeepOutcome.NEW);
        assertThat(keep("", now + HOUR_MS)).isEqualTo(KeepOutcome.AGAIN);
        assertThat(shard.hash(MessageKeys.record(id))).doesNotContainKey("hash");
    }

    @Test
    void withoutRoomOnlyWhatIsNewIsRefused() {
        assertThat(Shard.await(schedule.keep(message(id, "body", now), false))).isEqualTo(KeepOutcome.NO_ROOM);
        keep("body", now + HOUR_MS);
        assertThat(Shard.await(schedule.keep(message(id, "body", now + HOUR_MS), false)))
                .isEqualTo(KeepOutcome.AGAIN);
    }

    @Test
    void whatIsDueIsBegunAndToldToNobodyElseForAWhile() {
        keep("body", now - 5);

        Due first = due(10, Duration.ofHours(1));
        assertThat(first.messages())
                .containsExactly(new Due.Message(id, now - 5, 1, ByteString.copyFromUtf8("push of later")));
        assertThat(due().messages()).isEmpty();
    }

    @Test
    void whatWasBegunAndNotFinishedIsToldAgain() {
        keep("body", now - 5);
        due(10, Duration.ZERO);

        assertThat(due().messages()).extracting(Due.Message::tries).containsExactly(2);
    }

    @Test
    void aPageHasSoManyAndNotMoreBytesThanFit() {
        List<MessageId> ids = IntStream.range(0, 100_000)
                .mapToObj(i -> new MessageId("demo", "large-" + i))
                .filter(other -> other.shard() == id.shard())
                .limit(5)
                .toList();
        ids.forEach(one -> Shard.await(schedule.keep(
                new Kept(one, ByteString.EMPTY, now, now, "u1/", ByteString.copyFrom(new byte[60_000]), Urgency.NORMAL),
                true)));

        Due byBytes = due();
        assertThat(byBytes.messages()).hasSize(2);
        assertThat(byBytes.more()).isTrue();
        assertThat(due(1, BEGUN).messages()).hasSize(1);
        Due rest = due();
        assertThat(rest.messages()).hasSize(2);
        assertThat(rest.more()).isFalse();
        assertThat(rest.waiting()).isEqualTo(5);
    }

    @Test
    void whatIsFinishedIsGoneAndItsRecordStaysForADay() {
        keep("body", now - 5);
        long run = due().run();

        assertThat(finish(run, new Unreached("u2/phone", CopyState.EXPIRED))).isTrue();
        assertThat(shard.exists(MessageKeys.kept(id))).isZero();
        assertThat(due(10, Duration.ZERO).waiting()).isZero();
        assertThat(shard.left(MessageKeys.record(id))).isBetween(DAY_MS - 100_000, DAY_MS);
        assertThat(record("end:u2/phone")).isEqualTo("EXPIRED");
        assertThat(keep("body", now - 5)).isEqualTo(KeepOutcome.OVER);
        assertThat(keep("other", now - 5)).isEqualTo(KeepOutcome.CONFLICT);
        assertThat(finish(run)).isFalse();
    }

    @Test
    void anOlderRunNeitherFinishesNorPutsOffWhatALaterOneHasBegun() {
        keep("body", now - 5);
        long older = due(10, Duration.ZERO).run();
        long later;
        do {
            later = due(10, Duration.ZERO).run();
        } while (later == older);

        assertThat(finish(older)).isFalse();
        assertThat(postpone(older, Duration.ofHours(1), true)).isFalse();
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.BEGUN);
        assertThat(finish(later)).isTrue();
    }

    @Test
    void whatIsPutOffIsDueLaterAndOnlyIfItIsCertainThatItIsNowhereItCanBeRecalled() {
        keep("body", now - 5);
        assertThat(postpone(due().run(), Duration.ZERO, false)).isTrue();
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.BEGUN);

        assertThat(postpone(due().run(), Duration.ofHours(1), true)).isTrue();
        assertThat(due().messages()).isEmpty();
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.DONE);
    }

    @Test
    void whatIsRecalledIsNeverDueAndItsIdIsOver() {
        keep("body", now + HOUR_MS);

        CancelOutcome first = cancel();
        assertThat(first.kind()).isEqualTo(CancelOutcome.Kind.DONE);
        assertThat(first.now()).isTrue();
        assertThat(first.atMs()).isCloseTo(now, offset(60_000L));
        assertThat(cancel()).isEqualTo(new CancelOutcome(CancelOutcome.Kind.DONE, first.atMs(), false));
        assertThat(due().waiting()).isZero();
        assertThat(keep("body", now + HOUR_MS)).isEqualTo(KeepOutcome.OVER);
        assertThat(shard.left(MessageKeys.record(id))).isBetween(DAY_MS - 100_000, DAY_MS);
    }

    @Test
    void thereIsNothingToRecallWhereNothingIsKept() {
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.NOTHING);
        keep("body", now - 5);
        finish(due().run());
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.NOTHING);
    }

    @Test
    void whoeverClaimsOrRecordsWhatWasRecalledSinceLearnsOfIt() {
        Recording records = new Recording(shard.redis);
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.NOTHING);
        assertThat(records.isKnown(id))
                .as("of what nobody knows nothing is noted")
                .isFalse();
        assertThat(records.claimSaysRecalled(id, "body")).isFalse();
        assertThat(records.claimSaysRecalled(id, "body")).isFalse();

        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.NOTHING);
        assertThat(records.claimSaysRecalled(id, "body")).isTrue();
        assertThat(records.isKnown(id)).isTrue();
        assertThat(records.recordSaysRecalled(id, "body")).isTrue();
        assertThat(records.claimSaysRecalled(id, "body")).isTrue();
        assertThat(cancel().kind()).isEqualTo(CancelOutcome.Kind.NOTHING);
    }

    @Test
    void memoryIsCountedUntilItIsFinishedOrRecalled() {
        keep("body", now + HOUR_MS);
        long one = used("schedule");
        assertThat(one).isBetween(900L, 1200L);
        keep("body", now + HOUR_MS);
        assertThat(used("schedule")).isEqualTo(one);
        cancel();
        assertThat(used("schedule")).isZero();
        assertThat(used("record:" + System.currentTimeMillis() / HOUR_MS)).isPositive();

        MessageId other = IntStream.range(0, 100_000)
                .mapToObj(i -> new MessageId("demo", "other-" + i))
                .filter(one2 -> one2.shard() == id.shard())
                .findFirst()
                .orElseThrow();
        Shard.await(schedule.keep(message(other, "", now), true));
        assertThat(used("schedule")).isPositive();
        Shard.await(schedule.finish(other, due().run(), List.of()));
        assertThat(used("schedule")).isZero();
    }
}
