package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ForgetScriptIT {
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

    private static Forgotten forget(Endpoint endpoint) {
        return shard.forget(endpoint, 0);
    }

    @Test
    void theInboxIsEmptiedAndEachCopyDropped() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();

        Forgotten forgotten = forget(phone);

        assertThat(forgotten.dropped())
                .containsExactly(new Forgotten.Dropped(first, "m1"), new Forgotten.Dropped(second, "m2"));
        assertThat(forgotten.watermark()).isEqualTo(second);
        assertThat(forgotten.heirVersion()).isZero();
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.unsent(phone)).isZero();
        assertThat(shard.copyOf(phone, "m1")).containsEntry("state", "DROPPED").containsEntry("reason", "forgotten");
        assertThat(shard.copyOf(phone, "m1").get("e")).matches("\\d+/saver-1");
    }

    @Test
    void whatComesLaterIsTaken() {
        shard.store(phone, "m1");
        forget(phone);

        long seq = shard.store(phone, "m2").seq();
        assertThat(shard.waiting(phone)).containsExactly(seq);
        assertThat(forget(phone).dropped()).hasSize(1);
    }

    @Test
    void whatItAcknowledgedOfTopicsIsForgottenAsFarAsItWasThen() {
        String passed = TopicKeys.passed(phone);
        long upto = shard.store(phone, "m1").seq();
        Map<String, byte[]> offsets = Map.of(
                "news", Long.toString(upto - 5).getBytes(StandardCharsets.US_ASCII),
                "sport", Long.toString(upto + 5).getBytes(StandardCharsets.US_ASCII));
        Shard.await(shard.redis.command(passed, it -> it.hset(passed, offsets)));

        shard.empty(phone);
        assertThat(shard.hash(passed)).hasSize(2);
        shard.forget(phone, upto);
        assertThat(shard.hash(passed)).containsOnlyKeys("sport");
        forget(phone);
        assertThat(shard.exists(passed)).isZero();
    }

    @Test
    void anEndpointNobodyKnowsIsForgottenWithoutTrace() {
        Forgotten forgotten = forget(phone);

        assertThat(forgotten.dropped()).isEmpty();
        assertThat(forgotten.watermark()).isZero();
        assertThat(shard.exists(InboxKeys.box(phone))).isZero();
        assertThat(shard.exists(InboxKeys.user(phone))).isZero();
    }

    @Test
    void theHeirNoLongerGetsWhatIsStoredForDefault() {
        Endpoint nobody = phone.withDevice("default");
        shard.bind(phone);
        long version = forget(phone).heirVersion();
        assertThat(forget(phone).heirVersion()).as("once more, for the journal").isEqualTo(version);

        assertThat(version).isPositive();
        assertThat(shard.store(nobody, "m1").device()).isEqualTo("default");
        Endpoint pad = phone.withDevice("pad");
        assertThat(shard.bind(pad).version()).isGreaterThan(version);
        assertThat(shard.bodies(pad)).containsExactly("body of m1");
    }

    @Test
    void anHeirWhoseInboxIsEmptiedStaysTheHeir() {
        Endpoint nobody = phone.withDevice("default");
        shard.bind(phone);
        long seq = shard.store(phone, "m1").seq();

        Forgotten emptied = shard.empty(phone);

        assertThat(emptied.dropped()).containsExactly(new Forgotten.Dropped(seq, "m1"));
        assertThat(emptied.heirVersion()).isZero();
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.copyOf(phone, "m1")).containsEntry("reason", "emptied");
        assertThat(shard.store(nobody, "m2").device()).isEqualTo("phone");
        assertThat(shard.bodies(phone)).containsExactly("body of m2");
    }

    @Test
    void whatWasStoredBeyondTheEndStays() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.storeKeyed(phone, "m2", "key").seq();

        Forgotten forgotten = shard.forget(phone, first);

        assertThat(forgotten.dropped()).containsExactly(new Forgotten.Dropped(first, "m1"));
        assertThat(forgotten.watermark()).isEqualTo(first);
        assertThat(shard.waiting(phone)).containsExactly(second);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("DROPPED");
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("STORED");
        assertThat(shard.unsent(phone)).isEqualTo(second);
        long third = shard.storeKeyed(phone, "m3", "key").seq();
        assertThat(shard.waiting(phone)).containsExactly(third);
    }

    @Test
    void anEndBeyondEverythingIsTheEndOfAllThereIsAndOfNothingThatComes() {
        long seq = shard.store(phone, "m1").seq();

        assertThat(shard.forget(phone, seq + 1_000_000_000).watermark()).isEqualTo(seq);
        long next = shard.store(phone, "m2").seq();
        assertThat(shard.waiting(phone)).containsExactly(next);
    }

    @Test
    void anEndBelowTheWatermarkDropsNothing() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();
        shard.ack(phone, first);

        Forgotten forgotten = shard.forget(phone, first - 1);
        assertThat(forgotten.dropped()).isEmpty();
        assertThat(forgotten.watermark()).isEqualTo(first);
        assertThat(shard.waiting(phone)).containsExactly(second);
    }

    @Test
    void aDeviceThatBecameTheHeirAfterItWasForgottenStaysIt() {
        long seq = shard.store(phone, "m1").seq();
        long version = shard.bind(phone).version();

        assertThat(shard.forget(phone, seq).heirVersion()).isZero();
        assertThat(shard.store(phone.withDevice("default"), "m2").device()).isEqualTo("phone");
        assertThat(shard.forget(phone, version).heirVersion()).isGreaterThan(version);
    }

    @Test
    void whatItTookOverSinceStaysThoughItsSeqIsOlder() {
        Endpoint nobody = phone.withDevice("default");
        long common = shard.store(nobody, "m1").seq();
        long own = shard.store(phone, "m2").seq();
        shard.bind(phone);

        Forgotten forgotten = shard.forget(phone, own);

        assertThat(forgotten.dropped()).containsExactly(new Forgotten.Dropped(own, "m2"));
        assertThat(forgotten.watermark()).as("nothing that waits").isLessThan(common);
        assertThat(shard.waiting(phone)).containsExactly(common);
        assertThat(shard.bodies(phone)).containsExactly("body of m1");
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
        assertThat(shard.unsent(phone)).isNotZero();
    }

    @Test
    void whatItTookOverBeforeGoesWithIt() {
        long common = shard.store(phone.withDevice("default"), "m1").seq();
        long version = shard.bind(phone).version();

        Forgotten forgotten = shard.forget(phone, version);

        assertThat(forgotten.dropped()).containsExactly(new Forgotten.Dropped(common, "m1"));
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void anHeirIsForgottenAndFreesMemoryWhereNoneIsLeft() {
        shard.bindAny(phone);
        shard.store(phone, "m1");

        shard.whileFull(() -> assertThat(forget(phone).heirVersion()).isPositive());
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("DROPPED");
    }
}
