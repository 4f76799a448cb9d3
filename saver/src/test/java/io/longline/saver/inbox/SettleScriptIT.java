package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.Settlement.Settled;
import io.longline.stores.junit.RedisExtension;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SettleScriptIT {
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

    private static Settled settle(Endpoint endpoint, long seq, String id, CopyState state) {
        return Shard.await(
                shard.inbox.settle(new Settlement(endpoint, seq, id, state, "offline", Settlement.By.NOBODY)));
    }

    @Test
    void storedTakesTheEndpointOutOfUnsentAndLeavesTheCopy() {
        long seq = shard.store(phone, "m1").seq();

        assertThat(settle(phone, seq, "m1", CopyState.STORED))
                .isEqualTo(new Settled(Optional.of(CopyState.STORED), "phone", seq, false));
        assertThat(shard.unsent(phone)).isZero();
        assertThat(shard.waiting(phone)).containsExactly(seq);
    }

    @Test
    void anOlderSeqDoesNotSettleANewerOne() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();

        settle(phone, first, "m1", CopyState.WRITTEN);
        assertThat(shard.unsent(phone)).isEqualTo(second);
        settle(phone, second, "", CopyState.STORED);
        assertThat(shard.unsent(phone)).isZero();
    }

    @Test
    void writtenIsNotedInTheCopy() {
        long seq = shard.store(phone, "m1").seq();

        assertThat(settle(phone, seq, "m1", CopyState.WRITTEN).state()).contains(CopyState.WRITTEN);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("WRITTEN");
        assertThat(shard.waiting(phone)).containsExactly(seq);
        assertThat(settle(phone, seq, "m1", CopyState.STORED).state()).contains(CopyState.WRITTEN);
    }

    @Test
    void droppedIsFinalAndLeavesTheInbox() {
        long seq = shard.store(phone, "m1").seq();

        assertThat(settle(phone, seq, "m1", CopyState.DROPPED))
                .isEqualTo(new Settled(Optional.of(CopyState.DROPPED), "phone", seq, true));
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.copyOf(phone, "m1")).containsEntry("reason", "offline");
        assertThat(shard.unsent(phone)).isZero();
    }

    @Test
    void collapsedIsFinalAlsoOfWhatALoadHasTakenAlongAndLeavesTheInbox() {
        long seq = shard.store(phone, "m1").seq();
        settle(phone, seq, "m1", CopyState.WRITTEN);

        assertThat(settle(phone, seq, "m1", CopyState.COLLAPSED))
                .isEqualTo(new Settled(Optional.of(CopyState.COLLAPSED), "phone", seq, true));
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(settle(phone, seq, "m1", CopyState.DROPPED).state()).contains(CopyState.COLLAPSED);
    }

    @Test
    void recalledIsFinalAndLeavesTheInboxAndIsSoOnlyOnce() {
        long seq = shard.store(phone, "m1").seq();

        assertThat(settle(phone, seq, "m1", CopyState.RECALLED))
                .isEqualTo(new Settled(Optional.of(CopyState.RECALLED), "phone", seq, true));
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.unsent(phone)).isZero();
        assertThat(settle(phone, seq, "m1", CopyState.RECALLED))
                .isEqualTo(new Settled(Optional.of(CopyState.RECALLED), "phone", seq, false));
        assertThat(settle(phone, seq, "m1", CopyState.WRITTEN).state()).contains(CopyState.RECALLED);
    }

    @Test
    void whatWasWrittenIsNotRecalled() {
        long seq = shard.store(phone, "m1").seq();
        settle(phone, seq, "m1", CopyState.WRITTEN);

        assertThat(settle(phone, seq, "m1", CopyState.RECALLED))
                .isEqualTo(new Settled(Optional.of(CopyState.WRITTEN), "phone", seq, false));
        assertThat(shard.waiting(phone)).containsExactly(seq);
    }

    @Test
    void theFirstFinalStateWins() {
        long seq = shard.store(phone, "m1").seq();
        shard.ack(phone, seq);

        assertThat(settle(phone, seq, "m1", CopyState.DROPPED))
                .isEqualTo(new Settled(Optional.of(CopyState.ACKED), "phone", seq, false));
        assertThat(settle(phone, seq, "m1", CopyState.WRITTEN).state()).contains(CopyState.ACKED);
    }

    @Test
    void aDroppedOneLeavesTheOthersToBeHandedOver() {
        shard.store(phone, "m1");
        long second = shard.store(phone, "m2").seq();

        settle(phone, second, "m2", CopyState.DROPPED);
        assertThat(shard.unsent(phone)).isEqualTo(second);
        assertThat(shard.bodies(phone)).containsExactly("body of m1");
    }

    @Test
    void whatMovedToTheHeirIsSettledThere() {
        Endpoint nobody = phone.withDevice("default");
        long seq = shard.store(nobody, "m1").seq();
        shard.bind(phone);

        assertThat(settle(nobody, seq, "m1", CopyState.DROPPED))
                .isEqualTo(new Settled(Optional.of(CopyState.DROPPED), "phone", seq, true));
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void whatWentToTheHeirAtOnceIsSettledThereWhoeverNamesDefault() {
        shard.bind(phone);
        Endpoint nobody = phone.withDevice("default");
        long seq = shard.store(nobody, "m1").seq();

        assertThat(settle(nobody, 0, "m1", CopyState.RECALLED))
                .isEqualTo(new Settled(Optional.of(CopyState.RECALLED), "phone", seq, true));
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void aCopyNobodyKnowsIsNotMade() {
        assertThat(settle(phone, 5, "m1", CopyState.DROPPED))
                .isEqualTo(new Settled(Optional.empty(), "phone", 5, false));
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("none");
    }

    private static Settled refuse(Endpoint endpoint, String id) {
        return Shard.await(shard.inbox.settle(
                new Settlement(endpoint, 0, id, CopyState.RECALLED, "", new Settlement.By("center-1", 0), true)));
    }

    @Test
    void whatIsRecalledBeforeItComesIsRefusedForADay() {
        Settled refused = refuse(phone, "m1");
        assertThat(refused.state()).contains(CopyState.RECALLED);
        assertThat(refused.ended()).isTrue();
        assertThat(refused.isOfCopy()).isFalse();

        Appended late = shard.store(phone, "m1");
        assertThat(late.state()).isEqualTo(CopyState.RECALLED);
        assertThat(late.repeated()).isTrue();
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.unsent(phone)).isZero();
        assertThat(shard.left(InboxKeys.copies(phone) + "m1")).isBetween(86_300_000L, 86_400_000L);
        assertThat(Shard.await(shard.inbox.holds(phone, "m1", late.seq()))).isTrue();
    }

    @Test
    void whatIsRefusedIsSoOnlyOnceAndNoCopyHasItsSeq() {
        shard.takeEnds();
        long first = refuse(phone, "m1").seq();
        Settled again = refuse(phone, "m1");

        assertThat(again).isEqualTo(new Settled(Optional.of(CopyState.RECALLED), "phone", first, false, true));
        assertThat(shard.store(phone, "m2").seq()).isGreaterThan(first);
        assertThat(shard.takeEnds()).doesNotContainKey(CopyState.RECALLED);
    }

    @Test
    void aCopyThatIsThereIsRecalledAndNotRefused() {
        long seq = shard.store(phone, "m1").seq();
        shard.takeEnds();

        assertThat(refuse(phone, "m1"))
                .isEqualTo(new Settled(Optional.of(CopyState.RECALLED), "phone", seq, true, false));
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.takeEnds()).containsEntry(CopyState.RECALLED, 1L);
        assertThat(refuse(phone, "m1").isOfCopy()).isTrue();
    }

    @Test
    void whatIsRefusedAtDefaultIsSoWhoeverInheritsInBetween() {
        Endpoint nobody = phone.withDevice("default");
        refuse(nobody, "m1");
        shard.bind(phone);

        Appended late = shard.store(nobody, "m1");
        assertThat(late.state()).isEqualTo(CopyState.RECALLED);
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(Shard.await(shard.inbox.holds(phone.withDevice(late.device()), "m1", late.seq())))
                .isTrue();
        assertThat(shard.store(nobody, "m2").device()).isEqualTo("phone");
    }

    @Test
    void whatIsRefusedAtTheHeirIsNotTakenOverFromDefault() {
        Endpoint nobody = phone.withDevice("default");
        refuse(phone, "m1");
        shard.store(nobody, "m1");
        shard.bind(phone);

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("RECALLED");
    }

    @Test
    void whatIsRefusedCountsInTheMemoryOfCopies() {
        long before = copyBytes();
        refuse(phone, "m1");
        refuse(phone, "m1");

        assertThat(copyBytes() - before).isBetween(190L, 300L);
    }

    private long copyBytes() {
        return shard.hash(InboxKeys.used(phone.shard())).entrySet().stream()
                .filter(one -> one.getKey().startsWith("copy:"))
                .mapToLong(one -> Long.parseLong(one.getValue()))
                .sum();
    }

    private static void settle(Endpoint endpoint, long seq, CopyState state, String node, long routedMs) {
        Settlement.By by = new Settlement.By(node, routedMs);
        Shard.await(shard.inbox.settle(new Settlement(endpoint, seq, "m1", state, "", by)));
    }

    @Test
    void itIsNotedWhichRoomWroteItAndForHowLongThatHadIt() {
        long seq = shard.store(phone, "m1").seq();

        settle(phone, seq, CopyState.WRITTEN, "room-1", 4);
        settle(phone, seq, CopyState.WRITTEN, "room-2", 0);

        assertThat(shard.copyOf(phone, "m1").get("w")).matches("\\d+\\+4/room-1");
    }

    @Test
    void whatWaitsInARoomIsNotedAsRoutedAndWhatNobodyWasToldOfIsNot() {
        long seq = shard.store(phone, "m1").seq();

        settle(phone, seq, CopyState.STORED, "", 0);
        assertThat(shard.copyOf(phone, "m1")).doesNotContainKeys("r", "w");
        settle(phone, seq, CopyState.STORED, "room-1", 0);

        assertThat(shard.copyOf(phone, "m1").get("r")).matches("\\d+/room-1");
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
    }

    @Test
    void thatItWasWrittenIsNotedAlsoWhereTheAckCameFirst() {
        long seq = shard.store(phone, "m1").seq();
        shard.ack(phone, seq);

        settle(phone, seq, CopyState.WRITTEN, "room-1", 4);

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
        assertThat(shard.copyOf(phone, "m1").get("w")).matches("\\d+\\+4/room-1");
    }

    @Test
    void itIsNotedWhoEndedIt() {
        long seq = shard.store(phone, "m1").seq();

        settle(phone, seq, CopyState.RECALLED, "center-with-a-name-that-is-much-too-long-for-a-small-hash", 0);
        settle(phone, seq, CopyState.DROPPED, "center-2", 0);

        assertThat(shard.copyOf(phone, "m1").get("e")).matches("\\d+/center-with-a-name-that-is-much-too-long");
        assertThat(shard.copyOf(phone, "m1")).doesNotContainKey("reason");
    }

    @Test
    void whatBecameOfAnOlderMessageIsNotNotedOfANewerOneWithItsId() {
        long older = shard.store(phone, "m1").seq();
        long newer = shard.reuse(phone, "m1");

        assertThat(settle(phone, older, "m1", CopyState.DROPPED))
                .isEqualTo(new Settled(Optional.empty(), "phone", older, false));
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
        assertThat(shard.waiting(phone)).containsExactly(older, newer);
    }

    @Test
    void whatIsDroppedOrRecalledFreesMemoryWhereNoneIsLeft() {
        long seq = shard.store(phone, "m1").seq();
        settle(phone, seq, "m1", CopyState.STORED);

        shard.whileFull(() ->
                assertThat(settle(phone, seq, "m1", CopyState.RECALLED).ended()).isTrue());
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("RECALLED");
    }
}
