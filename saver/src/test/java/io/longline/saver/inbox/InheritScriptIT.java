package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Batch;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class InheritScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint pad = phone.withDevice("pad");
    private final Endpoint nobody = phone.withDevice("default");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @Test
    void theFirstDeviceTakesOverWhatWaits() {
        long first = shard.store(nobody, "m1").seq();
        long second = shard.store(nobody, "m2").seq();

        Inheritance decision = shard.bind(phone);

        assertThat(decision.heir()).isEqualTo("phone");
        assertThat(decision.version()).isGreaterThan(second);
        assertThat(decision.journaled()).isFalse();
        assertThat(shard.waiting(phone)).containsExactly(first, second);
        assertThat(shard.waiting(nobody)).isEmpty();
        assertThat(shard.exists(InboxKeys.inbox(nobody))).isZero();
        assertThat(shard.unsent(nobody)).isZero();
        assertThat(shard.unsent(phone)).isEqualTo(second);
        assertThat(shard.bind(pad).heir()).isEqualTo("phone");
        assertThat(shard.waiting(pad)).isEmpty();
    }

    @Test
    void itIsMergedIntoWhatTheDeviceHasAlreadyInOrder() {
        long one = shard.store(phone, "m1").seq();
        long two = shard.store(nobody, "m2").seq();
        long three = shard.store(phone, "m3").seq();
        long four = shard.store(nobody, "m4").seq();

        shard.bind(phone);

        assertThat(shard.waiting(phone)).containsExactly(one, two, three, four);
        assertThat(shard.bodies(phone)).containsExactly("body of m1", "body of m2", "body of m3", "body of m4");
        long five = shard.store(phone, "m5").seq();
        assertThat(shard.ack(phone, four)).isEqualTo(four);
        assertThat(shard.waiting(phone)).containsExactly(five);
    }

    @Test
    void itIsMergedAlsoWhereTheNewestOfTheDeviceIsGone() {
        shard.store(phone, "m1");
        shard.store(nobody, "m2");
        long three = shard.store(phone, "m3").seq();
        Shard.await(
                shard.inbox.settle(new Settlement(phone, three, "m3", CopyState.DROPPED, "", Settlement.By.NOBODY)));

        shard.bind(phone);
        assertThat(shard.bodies(phone)).containsExactly("body of m1", "body of m2");
    }

    @Test
    void copiesAreFoundAfterwards() {
        long seq = shard.store(nobody, "m1").seq();
        shard.bind(phone);

        Appended again = new Appended("phone", seq, 0, CopyState.STORED, true, "", 0, "");
        assertThat(shard.store(nobody, "m1")).isEqualTo(again);
        assertThat(shard.store(phone, "m1")).isEqualTo(again);
        shard.ack(phone, seq);
        assertThat(shard.store(nobody, "m1").state()).isEqualTo(CopyState.ACKED);
        assertThat(shard.copyOf(nobody, "m1")).containsEntry("to", "phone");
    }

    @Test
    void storesToDefaultFollowTheHeir() {
        shard.bind(phone);

        Appended stored = shard.store(nobody, "m1");
        assertThat(stored.device()).isEqualTo("phone");
        assertThat(shard.waiting(phone)).containsExactly(stored.seq());
        assertThat(shard.unsent(phone)).isEqualTo(stored.seq());
    }

    @Test
    void aBindOfDefaultEndsIt() {
        shard.store(nobody, "m1");
        long version = shard.bind(phone).version();
        assertThat(shard.bind(nobody).heir()).isEqualTo("phone"); // the journal comes first
        shard.keep(phone, version);
        Inheritance decision = shard.bind(nobody);

        assertThat(decision.heir()).isEqualTo("default");
        assertThat(shard.store(nobody, "m2").device()).isEqualTo("default");
        assertThat(shard.bodies(phone)).containsExactly("body of m1");
        assertThat(shard.bodies(nobody)).containsExactly("body of m2");
        assertThat(shard.bind(pad).heir()).isEqualTo("default");
        assertThat(shard.bodies(nobody)).containsExactly("body of m2");
    }

    @Test
    void defaultKeepsWhatItHasWhenItIsTheFirstToBeBound() {
        long seq = shard.store(nobody, "m1").seq();
        shard.bind(nobody);
        shard.bind(phone);

        assertThat(shard.waiting(nobody)).containsExactly(seq);
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void aMessageTheDeviceHasACopyOfIsNotDoubled() {
        long onPhone = shard.store(phone, "m1").seq();
        long forNobody = shard.store(nobody, "m1").seq();

        Inheritance decision = shard.bind(phone);

        assertThat(decision.gone()).containsExactly(forNobody);
        assertThat(shard.waiting(phone)).containsExactly(onPhone);
        assertThat(shard.store(nobody, "m1").seq()).isEqualTo(onPhone);
    }

    @Test
    void promise01AMessageThatCameAgainAfterItsDeviceWasForgottenIsForWhoIsBoundNext() {
        shard.bind(phone);
        shard.store(phone, "m1");
        shard.forget(phone, 0);
        long again = shard.store(nobody, "m1").seq();

        shard.bind(phone);

        assertThat(shard.waiting(phone)).containsExactly(again);
        assertThat(shard.bodies(phone)).containsExactly("body of m1");
        assertThat(shard.store(phone, "m1").state()).isEqualTo(CopyState.STORED);
    }

    @Test
    void whatIsBelowTheWatermarkOfTheDeviceGetsANewSeq() {
        long waiting = shard.store(nobody, "m1").seq();
        shard.settleAny(nobody, waiting, "m1", CopyState.WRITTEN, "");
        long seen = shard.store(phone, "m2").seq();
        shard.ack(phone, seen);

        Inheritance decision = shard.bind(phone);

        assertThat(shard.copyOf(phone, "m1")).containsEntry("n", "saver-1").doesNotContainKeys("r", "w");
        assertThat(decision.gone()).containsExactly(waiting);
        assertThat(decision.fresh()).singleElement().satisfies(one -> {
            assertThat(one.messageId()).isEqualTo("m1");
            assertThat(one.message().toStringUtf8()).isEqualTo("body of m1");
            assertThat(one.seq()).isGreaterThan(seen);
            assertThat(shard.waiting(phone)).containsExactly(one.seq());
            assertThat(shard.store(phone, "m1").seq()).isEqualTo(one.seq());
        });
        assertThat(shard.ack(phone, seen)).isEqualTo(seen);
        assertThat(shard.bodies(phone)).containsExactly("body of m1");
    }

    @Test
    void whatMovedIsAnsweredUntilTheJournalHasIt() {
        shard.store(nobody, "m1");
        shard.store(nobody, "m2");
        shard.store(phone, "m2");
        long seen = shard.store(phone, "m3").seq();
        shard.ack(phone, seen);

        Inheritance decision = shard.bind(phone);
        assertThat(decision.gone()).hasSize(2);
        assertThat(decision.fresh()).hasSize(1);
        assertThat(shard.bind(phone)).isEqualTo(decision);
        assertThat(shard.bind(pad)).isEqualTo(decision);
        assertThat(shard.bind(nobody)).isEqualTo(decision);

        shard.keep(phone, decision.version());
        assertThat(shard.bind(pad))
                .isEqualTo(new Inheritance("phone", decision.version(), true, List.of(), List.of(), List.of()));
        assertThat(shard.bind(nobody).heir()).isEqualTo("default");
    }

    @Test
    void whatTheHeirTookOverAsItIsIsItsOwnInTheJournalToo() {
        long first = shard.store(nobody, "m1").seq();
        long second = shard.store(nobody, "m2").seq();

        Inheritance decision = shard.bind(phone);
        assertThat(decision.held()).containsExactlyInAnyOrder(first, second);
        assertThat(decision.gone()).isEmpty();
        assertThat(decision.fresh())
                .as("their rows may not be in the journal yet")
                .extracting(one -> one.messageId() + " " + one.seq())
                .containsExactlyInAnyOrder("m1 " + first, "m2 " + second);
        assertThat(shard.bind(pad).held()).containsExactlyInAnyOrder(first, second);
        shard.keep(phone, decision.version());
        assertThat(shard.bind(pad).held()).isEmpty();
    }

    @Test
    void whatMovedAndWasAcknowledgedMeanwhileIsNotJournaledAgain() {
        shard.store(nobody, "m1");
        shard.ack(phone, shard.store(phone, "m2").seq());
        long fresh = shard.bind(phone).fresh().getFirst().seq();
        shard.ack(phone, fresh);

        assertThat(shard.bind(phone).fresh()).isEmpty();
        assertThat(shard.bind(phone).gone()).hasSize(1);
    }

    @Test
    void aDecisionIsJournaledOnce() {
        Inheritance decision = shard.bind(phone);

        assertThat(Shard.await(shard.inbox.inheritanceKept(phone, decision.version() - 1)))
                .isFalse();
        assertThat(shard.bind(phone).journaled()).isFalse();
        assertThat(Shard.await(shard.inbox.inheritanceKept(phone, decision.version())))
                .isTrue();
        assertThat(shard.bind(phone))
                .isEqualTo(new Inheritance("phone", decision.version(), true, List.of(), List.of(), List.of()));
        assertThat(shard.bind(nobody).journaled()).isFalse();
    }

    @Test
    void storeAndFirstBindAtTheSameMomentMakeOneCopyInOneInbox() {
        for (int round = 0; round < 300; round++) {
            Endpoint device = Shard.someone("phone");
            Endpoint other = device.withDevice("pad");
            Endpoint unnamed = device.withDevice("default");
            Batch.together(
                    List.<Runnable>of(
                            () -> shard.store(unnamed, "m1"),
                            () -> shard.bind(device),
                            () -> shard.store(unnamed, "m1"),
                            () -> shard.bind(other),
                            () -> shard.store(unnamed, "m2")),
                    step -> {
                        step.run();
                        return true;
                    });

            List<String> everywhere = Stream.of(device, other, unnamed)
                    .flatMap(endpoint -> shard.bodies(endpoint).stream())
                    .toList();
            assertThat(everywhere).containsExactlyInAnyOrder("body of m1", "body of m2");
            assertThat(shard.waiting(unnamed)).isEmpty();
            assertThat(shard.waiting(shard.bind(device).heir().equals("phone") ? other : device))
                    .isEmpty();
        }
    }
}
