package io.longline.saver.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.Batch;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Ends;
import io.longline.saver.inbox.Shard;
import io.longline.saver.message.ClaimOutcome.Kind;
import io.longline.saver.message.RecordStore.Recorded;
import io.longline.stores.junit.RedisExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** claim.lua, record.lua and told.lua. */
final class RecordScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final long ACCEPTED_MS = 1_800_000_000_000L;

    private static final AtomicInteger ids = new AtomicInteger();
    private static Shard shard;
    private static RedisRecords records;
    private final MessageId id = new MessageId("demo", "order-" + ids.incrementAndGet());
    private final Endpoint phone = Shard.someone("phone");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        records = new RedisRecords(shard.redis, Ends.UNCOUNTED);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    private ClaimOutcome claim(String body) {
        return Shard.await(records.claim(id, body.getBytes(UTF_8), true));
    }

    private boolean record(Told... copies) {
        return recordOf("body", copies);
    }

    private boolean recordOf(String body, Told... copies) {
        return recordOf(body, List.of(copies), List.of()) != RecordOutcome.CONFLICT;
    }

    private RecordOutcome recordOf(String body, List<Told> copies, List<Told> partial) {
        Recorded message = new Recorded(ACCEPTED_MS, "center-1", copies, partial);
        return Shard.await(records.record(id, body.getBytes(UTF_8), message));
    }

    private Optional<MessageRecord> recorded() {
        return Shard.await(records.told(id));
    }

    private Optional<List<Told>> told() {
        return Shard.await(records.told(id)).map(MessageRecord::copies);
    }

    /** As keep.lua leaves it. */
    private void scheduled(String targets) {
        write(Map.of("hash", "body", "at", "5", "scheduled", "99", "targets", targets, "later", "1"));
    }

    private void write(Map<String, String> fields) {
        String key = MessageKeys.record(id);
        Map<String, byte[]> bytes = new HashMap<>();
        fields.forEach((field, value) -> bytes.put(field, value.getBytes(UTF_8)));
        Shard.await(shard.redis.command(key, it -> it.hset(key, bytes)));
    }

    private List<CopyStatus> withoutCopy() {
        return Shard.await(records.told(id)).orElseThrow().withoutCopy();
    }

    private static CopyStatus none(String user, String device, CopyState state) {
        return CopyStatus.ofNone(new Endpoint("demo", user, device), state);
    }

    @Test
    void aClaimIsNewOnceThenRunAgainThenRecorded() {
        ClaimOutcome first = claim("body");
        assertThat(first.kind()).isEqualTo(Kind.NEW);
        assertThat(first.firstMs()).isCloseTo(System.currentTimeMillis(), offset(5000L));

        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.AGAIN, first.firstMs(), false));
        assertThat(record(new Told(phone, 7))).isTrue();
        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.RECORDED, first.firstMs(), false));
    }

    @Test
    void anotherBodyIsAConflictBeforeAndAfterTheAnswer() {
        claim("body");
        assertThat(claim("other").kind()).isEqualTo(Kind.CONFLICT);
        record(new Told(phone, 7));
        assertThat(claim("other").kind()).isEqualTo(Kind.CONFLICT);
        assertThat(claim("body").kind()).isEqualTo(Kind.RECORDED);
    }

    @Test
    void whatWasKeptUntilItWasDueSaysSo() {
        scheduled("u1/");

        assertThat(recorded().orElseThrow().stages())
                .containsExactly(new TimelineEntry(TimelineEntry.Stage.SCHEDULED, 5, "", null, ""));
    }

    @Test
    void aHashIsAnyBytes() {
        byte[] hash = {0, -1, 13, 10, 32, (byte) 0xC3, 0x28};
        assertThat(Shard.await(records.claim(id, hash, true)).kind()).isEqualTo(Kind.NEW);
        assertThat(Shard.await(records.claim(id, hash, true)).kind()).isEqualTo(Kind.AGAIN);
    }

    @Test
    void ofManyAtTheSameMomentOneIsNew() {
        List<Integer> callers = IntStream.range(0, 50).boxed().toList();
        List<Kind> kinds = Batch.together(callers, caller -> claim("body").kind());

        assertThat(kinds).containsOnlyOnce(Kind.NEW);
        assertThat(kinds).containsOnly(Kind.NEW, Kind.AGAIN);
    }

    @Test
    void productsHaveTheirOwnIds() {
        claim("body");
        MessageId elsewhere = new MessageId("other", id.id());
        assertThat(Shard.await(records.claim(elsewhere, "another".getBytes(UTF_8), true))
                        .kind())
                .isEqualTo(Kind.NEW);
    }

    @Test
    void aRecordTellsWhereCopiesWent() {
        assertThat(told()).isEmpty();
        Told first = new Told(phone, 1_800_000_000_000_000L);
        Told second = new Told(phone.withDevice("pad:with-colon"), 1_800_000_000_000_001L);
        record(first, second);

        assertThat(told().orElseThrow()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void aRecordTellsWhoAcceptedTheMessageAndWhen() {
        record(new Told(phone, 7));
        assertThat(recorded().orElseThrow().center()).isEqualTo("center-1");
        assertThat(recorded().orElseThrow().acceptedAtMs()).isEqualTo(ACCEPTED_MS);
    }

    @Test
    void aMessageIsAcceptedWhenItsIdIsClaimed() {
        long claimed = claim("body").firstMs();
        record(new Told(phone, 7));
        assertThat(recorded().orElseThrow().acceptedAtMs()).isEqualTo(claimed);
    }

    @Test
    void whoIsNotToldWhenItWasTakesTheTimeOfTheRecord() {
        Shard.await(records.record(id, new byte[0], new Recorded(0, "", List.of(), List.of())));
        assertThat(recorded().orElseThrow().acceptedAtMs()).isCloseTo(System.currentTimeMillis(), offset(5000L));
        assertThat(recorded().orElseThrow().center()).isEmpty();
    }

    @Test
    void aClaimWithoutAnAnswerIsNoRecord() {
        claim("body");
        assertThat(told()).isEmpty();
    }

    @Test
    void aMessageThatWentToNobodyIsRecordedAllTheSame() {
        record();
        assertThat(told()).contains(List.of());
    }

    @Test
    void whatTwoRunsToldRemains() {
        Told first = new Told(phone, 5);
        Told second = new Told(phone.withDevice("pad"), 6);
        record(first);
        record(first, second);

        assertThat(told().orElseThrow()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void whatFailedAtAnotherDeviceIsToldAndIsNoAnswerUntilAllAreThere() {
        Told pad = new Told(phone.withDevice("pad"), 6);
        claim("body");
        assertThat(recordOf("body", List.of(), List.of(pad))).isEqualTo(RecordOutcome.DONE);
        assertThat(told()).isEmpty();
        assertThat(claim("body").kind()).isEqualTo(Kind.AGAIN);

        Told other = new Told(Shard.someone("desk"), 7);
        recordOf("body", List.of(other), List.of(pad));
        assertThat(recorded().orElseThrow().copies()).containsExactly(other);
        assertThat(recorded().orElseThrow().partial()).containsExactly(pad);

        record(new Told(phone, 5), pad);
        assertThat(told().orElseThrow()).containsExactlyInAnyOrder(other, new Told(phone, 5), pad);
        assertThat(recorded().orElseThrow().partial()).isEmpty();
    }

    @Test
    void aThousandCopiesAreOneRecord() {
        Told[] many = IntStream.range(0, 1000)
                .mapToObj(i -> new Told(Shard.someone("phone"), i + 1))
                .toArray(Told[]::new);
        record(many);

        assertThat(told().orElseThrow()).containsExactlyInAnyOrder(many);
    }

    @Test
    void aClaimThatWasLostIsMadeAgainByItsRecord() {
        assertThat(record(new Told(phone, 7))).isTrue();

        assertThat(claim("body").kind()).isEqualTo(Kind.RECORDED);
        assertThat(claim("body").firstMs()).isEqualTo(ACCEPTED_MS);
        assertThat(claim("other body").kind()).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void aRecordChangesNothingWhereAnotherBodyHasTheIdByNow() {
        claim("other body");

        assertThat(recordOf("body", new Told(phone, 7))).isFalse();

        assertThat(told()).isEmpty();
        assertThat(claim("other body").kind()).isEqualTo(Kind.AGAIN);
    }

    @Test
    void bothAreKeptForADay() {
        claim("body");
        String key = Shards.tag(id.shard()) + ":msg:demo/" + id.id();
        record(new Told(phone, 7));
        assertThat(shard.left(key)).isBetween(86_300_000L, 86_400_000L);

        MessageId unclaimed = new MessageId("demo", "made-by-center-" + id.id());
        Recorded message = new Recorded(0, "center-1", List.of(new Told(phone, 7)), List.of());
        Shard.await(records.record(unclaimed, new byte[0], message));
        String other = Shards.tag(unclaimed.shard()) + ":msg:demo/" + unclaimed.id();
        assertThat(shard.left(other)).isBetween(86_300_000L, 86_400_000L);
    }

    @Test
    void whatIsKeptToBeSentLaterHasItsAnswer() {
        scheduled("u1/ u2/pad");

        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.RECORDED, 5, false));
        assertThat(claim("other").kind()).isEqualTo(Kind.CONFLICT);
        assertThat(told()).contains(List.of());
        assertThat(withoutCopy())
                .containsExactly(none("u1", "", CopyState.SCHEDULED), none("u2", "pad", CopyState.SCHEDULED));
    }

    @Test
    void aTargetThatItWentToIsScheduledNoMore() {
        scheduled("u1/ u2/pad u3/default u3/phone u4/default u4/phone");
        record(
                new Told(new Endpoint("demo", "u1", "phone"), 5),
                new Told(new Endpoint("demo", "u2", "phone"), 6),
                new Told(new Endpoint("demo", "u3", "heir"), 7),
                new Told(new Endpoint("demo", "u4", "phone"), 8));

        assertThat(withoutCopy())
                .containsExactly(
                        none("u2", "pad", CopyState.SCHEDULED),
                        none("u3", "phone", CopyState.SCHEDULED),
                        none("u4", "default", CopyState.SCHEDULED));
    }

    @Test
    void whatIsKeptIsRecordedWhateverHashANewerReleaseMakesAndDoesNotExpire() {
        scheduled("u1/");

        assertThat(recordOf("another form", new Told(phone, 7))).isTrue();
        assertThat(shard.left(MessageKeys.record(id))).isEqualTo(-1);
        assertThat(claim("body").kind()).isEqualTo(Kind.RECORDED);
    }

    @Test
    void whatWasRecalledOrEndedBeforeItWasSentIsToldSo() {
        write(Map.of("recorded", "1", "recalled", "7", "targets", "u1/ u2/"));
        record(new Told(new Endpoint("demo", "u2", "phone"), 6));
        assertThat(withoutCopy()).containsExactly(none("u1", "", CopyState.RECALLED));

        MessageId ended = new MessageId("demo", "ended-" + id.id());
        String key = MessageKeys.record(ended);
        Map<String, byte[]> fields = Map.of(
                "recorded",
                "1".getBytes(UTF_8),
                "end:u1/",
                "EXPIRED".getBytes(UTF_8),
                "end:u2/pad",
                "DROPPED".getBytes(UTF_8));
        Shard.await(shard.redis.command(key, it -> it.hset(key, fields)));
        assertThat(Shard.await(records.told(ended)).orElseThrow().withoutCopy())
                .containsExactlyInAnyOrder(
                        none("u1", "", CopyState.EXPIRED),
                        new CopyStatus(new Endpoint("demo", "u2", "pad"), 0, CopyState.DROPPED, "failed"));
    }
}
