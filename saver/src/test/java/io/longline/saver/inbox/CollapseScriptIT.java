package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.Full;
import io.longline.stores.junit.RedisExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class CollapseScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");
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
    void aNewerMessageTakesTheOlderOneOut() {
        Appended first = shard.store(phone, "first");
        Appended older = shard.storeKeyed(phone, "older", "order-1");
        Appended newer = shard.storeKeyed(phone, "newer", "order-1");

        assertThat(newer.older()).isEqualTo(older.seq());
        assertThat(newer.olderId()).isEqualTo("older");
        assertThat(newer.before()).isEqualTo(first.seq());
        assertThat(shard.bodies(phone)).containsExactly("body of first", "body of newer");
        assertThat(shard.stateOf(phone, "older")).isEqualTo("COLLAPSED");
        assertThat(shard.copyOf(phone, "older").get("e")).matches("\\d+/saver-1");
        assertThat(shard.stateOf(phone, "newer")).isEqualTo("STORED");
        assertThat(shard.unsent(phone)).isEqualTo(newer.seq());
    }

    @Test
    void theEndIsFinal() {
        Appended older = shard.storeKeyed(phone, "older", "k");
        Appended newer = shard.storeKeyed(phone, "newer", "k");
        shard.settleAny(phone, older.seq(), "older", CopyState.WRITTEN, "");
        shard.ack(phone, newer.seq());

        assertThat(shard.stateOf(phone, "older")).isEqualTo("COLLAPSED");
        assertThat(shard.storeKeyed(phone, "older", "k").state()).isEqualTo(CopyState.COLLAPSED);
        assertThat(shard.stateOf(phone, "newer")).isEqualTo("ACKED");
    }

    @Test
    void aRepeatedCopyNamesAgainWhatGaveWayToIt() {
        Appended older = shard.storeKeyed(phone, "older", "k");
        shard.storeKeyed(phone, "newer", "k");
        Appended again = shard.storeKeyed(phone, "newer", "k");

        assertThat(again.repeated()).isTrue();
        assertThat(again.older()).isEqualTo(older.seq());
        assertThat(shard.bodies(phone)).containsExactly("body of newer");
    }

    @Test
    void whatWasWrittenOrHasAnotherKeyOrIsAnotherDevicesStays() {
        Appended written = shard.storeKeyed(phone, "written", "k");
        shard.settleAny(phone, written.seq(), "written", CopyState.WRITTEN, "");
        shard.storeKeyed(phone, "other", "k2");
        shard.storeKeyed(phone.withDevice("pad"), "pads", "k");

        assertThat(shard.storeKeyed(phone, "newer", "k").older()).isZero();
        assertThat(shard.bodies(phone)).containsExactly("body of written", "body of other", "body of newer");
        assertThat(shard.stateOf(phone, "written")).isEqualTo("WRITTEN");
    }

    @Test
    void aFullInboxTakesWhatReplacesAMessageAndLosesNothingWhereItCannot() {
        shard.storeKeyed(phone, "older", "k");
        shard.store(phone, "other");

        assertThat(shard.append(Shard.copy(phone, "plain"), 2)).isInstanceOf(Full.class);
        NewCopy plain = Shard.copy(phone, "newer");
        NewCopy keyed = new NewCopy(phone, "newer", plain.expiresAtMs(), "k", Urgency.NORMAL, plain.message());
        assertThat(shard.append(keyed, 1)).isInstanceOf(Full.class);
        assertThat(shard.stateOf(phone, "older")).isEqualTo("STORED");
        assertThat(shard.append(keyed, 2)).isInstanceOf(Appended.class);
        assertThat(shard.bodies(phone)).containsExactly("body of other", "body of newer");
    }

    @Test
    void aTakeOverCarriesTheKeysAlsoWhereSeqsChange() {
        shard.storeKeyed(nobody, "m1", "kept seq");
        shard.bind(phone);
        assertThat(shard.storeKeyed(phone, "m2", "kept seq").olderId()).isEqualTo("m1");

        Endpoint other = Shard.someone("phone");
        shard.storeKeyed(other.withDevice("default"), "m1", "new seq");
        shard.ack(other, shard.store(other, "seen").seq());
        assertThat(shard.bind(other).fresh()).hasSize(1);
        assertThat(shard.storeKeyed(other, "m2", "new seq").olderId()).isEqualTo("m1");
        assertThat(shard.bodies(other)).containsExactly("body of m2");
    }

    @Test
    void keysOfMessagesThatAreGoneAreDropped() {
        for (int i = 0; i < 100; i++) {
            shard.ack(phone, shard.storeKeyed(phone, "m" + i, "k" + i).seq());
        }

        assertThat(shard.hash(InboxKeys.collapse(phone))).hasSizeLessThan(25).containsKey("k99");
        assertThat(shard.left(InboxKeys.collapse(phone))).isPositive();
        shard.forget(phone, 0);
        assertThat(shard.exists(InboxKeys.collapse(phone))).isZero();
    }
}
