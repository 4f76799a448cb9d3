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
import io.longline.saver.message.RecordStore.OfClaim;
import io.longline.saver.message.RecordStore.Recorded;
import io.longline.saver.testing.ToldProducts;
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
        records = new RedisRecords(shard.redis, Ends.UNCOUNTED, ToldProducts.nobody());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    private ClaimOutcome claim(String body, ClaimedTarget... targets) {
        return Shard.await(records.claim(id, body.getBytes(UTF_8), List.of(targets), true));
    }

    /** All devices of a user, or the one that is chosen of them. */
    private ClaimedTarget devicesOf(Endpoint endpoint, String chosen) {
        return new ClaimedTarget(endpoint.withDevice(""), chosen);
    }

    private RecordOutcome recordOfClaim(String body, List<Told> copies, List<ClaimedTarget> told) {
        OfClaim ofClaim = new OfClaim(told, List.of());
        Recorded message = new Recorded(ACCEPTED_MS, "center-1", copies, List.of(), ofClaim, false, OfTopic.NONE);
        return Shard.await(records.record(id, body.getBytes(UTF_8), message));
    }

    /** As who recalls it does, whatever it was claimed for. */
    private void recordRecall(List<Told> copies, List<ClaimedTarget> told, List<ClaimedTarget> never) {
        Recorded message = new Recorded(0, "", copies, List.of(), new OfClaim(told, never), true, OfTopic.NONE);
        Shard.await(records.record(id, new byte[0], message));
    }

    private List<ClaimedTarget> claimed() {
        return recorded().orElseThrow().claimed();
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

        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.AGAIN, first.firstMs(), false, List.of()));
        assertThat(record(new Told(phone, 7))).isTrue();
        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.RECORDED, first.firstMs(), false, List.of()));
    }

    @Test
    void ofAMessageToATopicItIsKnownWhereItStandsAndWhenItWasRecalled() {
        ClaimedTarget target = new ClaimedTarget(new Endpoint("demo", "news", "topic"), "topic");
        OfTopic there = new OfTopic("news:1", 7 * 1024);
        claim("body", target);
        assertThat(told()).as("nobody told of it").isEmpty();

        OfClaim ofClaim = new OfClaim(List.of(target), List.of());
        Recorded message = new Recorded(5, "center-1", List.of(), List.of(), ofClaim, false, there);
        assertThat(Shard.await(records.record(id, "body".getBytes(UTF_8), message)))
                .isEqualTo(RecordOutcome.DONE);

        MessageRecord record = recorded().orElseThrow();
        assertThat(record.ofTopic()).isEqualTo(there);
        assertThat(record.copies()).isEmpty();
        assertThat(record.claimed()).isEmpty();
        assertThat(record.recalledAtMs()).isZero();
        assertThat(record.stages()).containsExactly(new TimelineEntry(TimelineEntry.Stage.STORED, 7, "", null, ""));
        assertThat(claim("body", target).kind()).isEqualTo(Kind.RECORDED);
        write(Map.of("recalled", "9"));
        assertThat(recorded().orElseThrow().stages())
                .contains(new TimelineEntry(TimelineEntry.Stage.RECALLED, 9, "", null, ""));
        assertThat(Shard.await(records.record(id, "body".getBytes(UTF_8), message)))
                .isEqualTo(RecordOutcome.RECALLED);
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
        assertThat(Shard.await(records.claim(id, hash, List.of(), true)).kind()).isEqualTo(Kind.NEW);
        assertThat(Shard.await(records.claim(id, hash, List.of(), true)).kind()).isEqualTo(Kind.AGAIN);
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
        assertThat(Shard.await(records.claim(elsewhere, "another".getBytes(UTF_8), List.of(), true))
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

        assertThat(claim("body")).isEqualTo(new ClaimOutcome(Kind.RECORDED, 5, false, List.of()));
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

    @Test
    void whomItWasClaimedForIsToldUntilARecordTellsOfThem() {
        ClaimedTarget all = devicesOf(phone, "");
        ClaimedTarget named = new ClaimedTarget(Shard.someone("pad"), "");
        claim("body", all, named);
        assertThat(recorded()).isEmpty();

        recordOfClaim("body", List.of(new Told(phone, 7)), List.of(all));
        assertThat(claimed()).containsExactly(named);
        assertThat(claim("body", all, named).kind()).isEqualTo(Kind.RECORDED);
        assertThat(claimed()).containsExactly(named);

        recordOfClaim("body", List.of(new Told(named.target(), 8)), List.of(named));
        assertThat(claimed()).isEmpty();
    }

    @Test
    void whatWasRecalledAndIsClaimedOnlyIsToldWithItsTargets() {
        claim("body", devicesOf(phone, ""));
        recall();

        assertThat(recorded().orElseThrow().recalled()).isTrue();
        assertThat(claimed()).containsExactly(devicesOf(phone, ""));
        assertThat(told()).contains(List.of());
    }

    /** As cancel.lua notes it. */
    private void recall() {
        write(Map.of("recalled", "7"));
    }

    @Test
    void aClaimWithoutTargetsOfAnEarlierReleaseTakesThoseOfItsRepeat() {
        claim("body");
        claim("body", devicesOf(phone, ""));
        recall();

        assertThat(claimed()).containsExactly(devicesOf(phone, ""));
    }

    @Test
    void theDeviceThatWasChosenFirstStaysSoUntilARecordTellsOfIt() {
        assertThat(claim("body", devicesOf(phone, "")).chosen()).isEmpty();
        assertThat(claim("body", devicesOf(phone, "phone")).chosen()).containsExactly(devicesOf(phone, "phone"));
        assertThat(claim("body", devicesOf(phone, "pad")).chosen()).containsExactly(devicesOf(phone, "phone"));
        assertThat(claim("body", devicesOf(phone, "")).chosen()).containsExactly(devicesOf(phone, "phone"));

        recordOfClaim("body", List.of(new Told(phone, 7)), List.of(devicesOf(phone, "")));
        assertThat(claim("body", devicesOf(phone, "pad")).chosen()).containsExactly(devicesOf(phone, "pad"));
        assertThat(claimed()).isEmpty();
    }

    @Test
    void aChoiceForATargetThatFailedWhileOthersWereRecordedStaysToo() {
        Endpoint other = Shard.someone("desk");
        claim("body", devicesOf(phone, "phone"), devicesOf(other, ""));
        recordOfClaim("body", List.of(new Told(phone, 7)), List.of(devicesOf(phone, "")));

        assertThat(claim("body", devicesOf(other, "desk")).chosen()).containsExactly(devicesOf(other, "desk"));
        assertThat(claim("body", devicesOf(other, "tv")).chosen()).containsExactly(devicesOf(other, "desk"));
        assertThat(claim("body", devicesOf(other, "")).chosen()).isEmpty();
        recall();
        assertThat(claim("body", devicesOf(other, "")).chosen()).containsExactly(devicesOf(other, "desk"));
    }

    @Test
    void aRecallTellsWhatItFoundAndOfTheOthersThatTheyNeverGetIt() {
        ClaimedTarget never = devicesOf(Shard.someone("desk"), "");
        claim("body", devicesOf(phone, ""), never);
        recall();
        recordRecall(List.of(new Told(phone, 7)), List.of(devicesOf(phone, "")), List.of(never));

        assertThat(claimed()).isEmpty();
        assertThat(told()).contains(List.of(new Told(phone, 7)));
        assertThat(withoutCopy()).containsExactly(CopyStatus.ofNone(never.target(), CopyState.RECALLED));
        assertThat(recorded().orElseThrow().center()).isEmpty();
        assertThat(claim("body").kind()).isEqualTo(Kind.RECORDED);
    }

    @Test
    void whoTellsOfATargetIsRightAboutItWheneverItsRecallComes() {
        ClaimedTarget target = devicesOf(phone, "");
        claim("body", target);
        recordRecall(List.of(), List.of(), List.of(target));
        recordOfClaim("body", List.of(new Told(phone, 7)), List.of(target));
        assertThat(withoutCopy()).isEmpty();

        recordRecall(List.of(), List.of(), List.of(target));
        assertThat(withoutCopy()).isEmpty();
        assertThat(told()).contains(List.of(new Told(phone, 7)));
    }

    @Test
    void aRecallMakesNoRecordOfAnIdThatWasLostWithRedisMeanwhile() {
        recordRecall(List.of(new Told(phone, 7)), List.of(devicesOf(phone, "")), List.of());

        assertThat(told()).isEmpty();
        assertThat(claim("body").kind()).isEqualTo(Kind.NEW);
    }

    @Test
    void aThousandTargetsAreClaimedAndTakeNoMemoryOnceTheyAreToldOf() {
        List<Endpoint> many =
                IntStream.range(0, 1000).mapToObj(i -> Shard.someone("phone")).toList();
        ClaimedTarget[] targets = many.stream().map(one -> devicesOf(one, "")).toArray(ClaimedTarget[]::new);
        long before = recordBytes();
        claim("body", targets);
        assertThat(recordBytes() - before).isBetween(70_000L, 120_000L);
        recall();
        assertThat(claimed()).containsExactlyInAnyOrder(targets);

        recordOfClaim("body", List.of(), List.of(targets));
        assertThat(claimed()).isEmpty();
        assertThat(recordBytes() - before).isLessThan(1000);
    }

    private long recordBytes() {
        return shard.hash(Shards.tag(id.shard()) + ":used").entrySet().stream()
                .filter(one -> one.getKey().startsWith("record:"))
                .mapToLong(one -> Long.parseLong(one.getValue()))
                .sum();
    }
}
