package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.stores.junit.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LoadScriptIT {
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
    void anInboxIsReadInOrderPageByPage() {
        List<Long> stored = IntStream.range(0, 250)
                .mapToObj(i -> shard.store(phone, "m" + i).seq())
                .toList();

        List<Long> read = new ArrayList<>();
        long after = 0;
        Page page;
        do {
            page = shard.load(phone, after, 64);
            page.messages().forEach(one -> read.add(one.seq()));
            after = page.upto();
            assertThat(page.pending()).isEqualTo(250);
        } while (page.more());

        assertThat(read).isEqualTo(stored);
        assertThat(after).isEqualTo(stored.getLast());
    }

    @Test
    void aPageThatEndsWithTheInboxHasNoMore() {
        shard.store(phone, "m1");
        long second = shard.store(phone, "m2").seq();

        Page both = shard.load(phone, 0, 2);
        assertThat(both.more()).isFalse();
        assertThat(both.upto()).isEqualTo(second);
        Page first = shard.load(phone, 0, 1);
        assertThat(first.more()).isTrue();
        assertThat(first.upto()).isEqualTo(first.messages().getFirst().seq());
    }

    @Test
    void anInboxThatWasEmptiedIsReadUpToItsLastSeq() {
        long last = shard.store(phone, "m1").seq();
        shard.ack(phone, last);

        Page page = shard.load(phone);
        assertThat(page.messages()).isEmpty();
        assertThat(page.more()).isFalse();
        assertThat(page.upto()).isEqualTo(last);
        assertThat(page.acked()).isEqualTo(last);
        assertThat(page.pending()).isZero();
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
    }

    @Test
    void anInboxNobodyKnowsIsEmpty() {
        Page page = shard.load(phone, 77, 10);

        assertThat(page).isEqualTo(new Page(List.of(), false, 77, 0, 0, false, 0));
    }

    @Test
    void aPageIsLimitedInBytesButForALargeFirstMessage() {
        ByteString large = ByteString.copyFrom(new byte[300 * 1024]);
        ByteString middling = ByteString.copyFrom(new byte[100 * 1024]);
        long never = Shard.copy(phone, "x").expiresAtMs();
        long first = shard.store(new NewCopy(phone, "large", never, "", Urgency.NORMAL, large))
                .seq();
        for (int i = 0; i < 4; i++) {
            shard.store(new NewCopy(phone, "middling" + i, never, "", Urgency.NORMAL, middling));
        }

        Page alone = shard.load(phone);
        assertThat(alone.messages()).hasSize(1);
        assertThat(alone.more()).isTrue();
        Page two = shard.load(phone, first, 1000);
        assertThat(two.messages()).hasSize(2);
        assertThat(two.more()).isTrue();
        Page rest = shard.load(phone, two.upto(), 1000);
        assertThat(rest.messages()).hasSize(2);
        assertThat(rest.more()).isFalse();
    }

    @Test
    void whatHasExpiredIsNotReadAndEnds() {
        long longAgo = System.currentTimeMillis() - 60_000;
        shard.store(phone, "old1", longAgo);
        long good = shard.store(phone, "good").seq();
        long last = shard.store(phone, "old2", longAgo).seq();

        Page page = shard.load(phone);
        assertThat(page.messages()).extracting(Page.Stored::seq).containsExactly(good);
        assertThat(page.upto()).isEqualTo(last);
        assertThat(page.pending()).isEqualTo(1);
        assertThat(shard.stateOf(phone, "old1")).isEqualTo("EXPIRED");
        assertThat(shard.stateOf(phone, "old2")).isEqualTo("EXPIRED");
    }

    @Test
    void whatWasSentWhenItExpiresIsNotReadAgainButCanStillBeAcknowledged() {
        long sent = shard.store(phone, "sent", System.currentTimeMillis()).seq();
        Shard.await(
                shard.inbox.settle(new Settlement(phone, sent, "sent", CopyState.WRITTEN, "", Settlement.By.NOBODY)));

        assertThat(shard.load(phone).messages()).isEmpty();
        assertThat(shard.stateOf(phone, "sent")).isEqualTo("WRITTEN");
        shard.ack(phone, sent);
        assertThat(shard.stateOf(phone, "sent")).isEqualTo("ACKED");
    }

    @Test
    void whatExpiresWhileItsHintIsOnItsWayIsReadSoThatTheReaderSaysWhetherItWasSent() {
        long hinted = shard.store(phone, "hinted", System.currentTimeMillis()).seq();

        assertThat(shard.load(phone).messages()).extracting(Page.Stored::seq).containsExactly(hinted);
        assertThat(shard.stateOf(phone, "hinted")).isEqualTo("STORED");

        Shard.await(shard.inbox.settle(
                new Settlement(phone, hinted, "hinted", CopyState.EXPIRED, "", Settlement.By.NOBODY)));
        long later = shard.store(phone, "later").seq();
        shard.ack(phone, later);
        assertThat(shard.stateOf(phone, "hinted")).isEqualTo("EXPIRED");
        assertThat(shard.stateOf(phone, "later")).isEqualTo("ACKED");
    }

    @Test
    void whatExpiresWhileNobodyIsThereEndsAtOnce() {
        long seq = shard.store(phone, "m1", System.currentTimeMillis()).seq();
        Shard.await(shard.inbox.settle(new Settlement(phone, seq, "m1", CopyState.STORED, "", Settlement.By.NOBODY)));

        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("EXPIRED");
    }

    @Test
    void whoCountsDropsWhatHasExpiredAndNeedNotWalkThroughItAgain() {
        long longAgo = System.currentTimeMillis() - 60_000;
        long ends = Shard.copy(phone, "x").expiresAtMs() + 5000;
        shard.store(phone, "old", longAgo);
        shard.store(phone, "good", ends);

        assertThat(shard.pending(phone)).isEqualTo(1);
        assertThat(shard.stateOf(phone, "old")).isEqualTo("EXPIRED");
        assertThat(shard.hash(InboxKeys.box(phone))).containsEntry("soonest", Long.toString(ends));
        assertThat(shard.pending(phone)).isEqualTo(1);

        Endpoint empty = phone.withDevice("pad");
        shard.store(empty, "old", longAgo);
        assertThat(shard.pending(empty)).isZero();
        assertThat(shard.exists(InboxKeys.inbox(empty))).isZero();
        assertThat(shard.hash(InboxKeys.box(empty))).doesNotContainKey("soonest");
    }

    @Test
    void aWholeInboxThatWasReadSaysWhenSomethingWillExpireNext() {
        long longAgo = System.currentTimeMillis() - 60_000;
        long ends = Shard.copy(phone, "x").expiresAtMs();
        shard.store(phone, "old", longAgo);
        shard.store(phone, "later", ends + 7000);
        shard.store(phone, "sooner", ends + 5000);

        shard.load(phone, 0, 1);
        assertThat(shard.hash(InboxKeys.box(phone))).containsEntry("soonest", Long.toString(longAgo));
        shard.load(phone);
        assertThat(shard.hash(InboxKeys.box(phone))).containsEntry("soonest", Long.toString(ends + 5000));
    }

    @Test
    void pendingCountsWhatWillBeRead() {
        shard.store(phone, "m1");
        shard.store(phone, "m2");
        assertThat(shard.pending(phone)).isEqualTo(2);

        shard.store(phone, "over", System.currentTimeMillis());
        assertThat(shard.pending(phone)).isEqualTo(2);
    }
}
