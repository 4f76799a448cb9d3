package io.longline.saver.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.longline.saver.budget.BudgetStore.Recount;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** used.lua and recount.lua, and what the scripts of the inbox note for them. */
final class UsedScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisBudget budget;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint nobody = phone.withDevice("default");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        budget = new RedisBudget(shard.redis);
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

    private long used(Kind kind) {
        return Shard.await(budget.used(phone.shard())).getOrDefault(kind, 0L);
    }

    private static long memory() {
        return Shard.await(shard.redis.everywhere(node -> node.info("memory"))).stream()
                .mapToLong(UsedScriptsIT::usedMemory)
                .sum();
    }

    private static long usedMemory(String info) {
        return info.lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anInboxIsCountedUntilItIsEmpty() {
        long first = shard.storeAny(phone, "m1");
        long one = used(Kind.INBOX);
        assertThat(one).isBetween(4000L, 5000L);
        long second = shard.storeAny(phone, "m2");
        assertThat(used(Kind.INBOX)).isBetween(one + 50, one + 500);

        shard.ack(phone, first);
        assertThat(used(Kind.INBOX)).isBetween(1000L, one);
        shard.ack(phone, second);
        assertThat(used(Kind.INBOX)).isZero();
        assertThat(shard.exists(InboxKeys.inboxes(phone.shard()))).isZero();
    }

    @Test
    void whateverEmptiesAnInboxIsNoted() {
        long dropped = shard.storeAny(phone, "m1");
        shard.settleAny(phone, dropped, "m1", CopyState.DROPPED, "offline");
        assertThat(used(Kind.INBOX)).isZero();

        shard.storeAny(phone, "m2", System.currentTimeMillis() - 60_000);
        shard.waiting(phone);
        assertThat(used(Kind.INBOX)).isZero();

        shard.storeAny(phone, "m3", System.currentTimeMillis() - 60_000);
        shard.pendingAny(phone);
        assertThat(used(Kind.INBOX)).isZero();

        shard.storeAny(phone, "m4");
        shard.forgetAny(phone);
        assertThat(used(Kind.INBOX)).isZero();
    }

    @Test
    void aMessageThatGivesWayMakesRoom() {
        shard.storeKeyedAny(phone, "m1", "key");
        long one = used(Kind.INBOX);
        for (int i = 2; i < 50; i++) {
            shard.storeKeyedAny(phone, "m" + i, "key");
        }
        assertThat(used(Kind.INBOX)).isBetween(one, one + 10);
    }

    @Test
    void whatIsTakenOverIsCountedOnce() {
        shard.storeAny(nobody, "m1");
        shard.storeAny(nobody, "m2");
        long of = used(Kind.INBOX);
        shard.storeAny(phone, "m3");
        shard.bindAny(phone);

        assertThat(used(Kind.INBOX)).isBetween(of, of + 500);
        shard.ack(phone, Long.MAX_VALUE >> 12);
        assertThat(used(Kind.INBOX)).isZero();
    }

    @Test
    void aCopyIsCountedForADayAndARepeatedOneNotAgain() {
        shard.storeAny(phone, "m1");
        long one = used(Kind.COPY);
        assertThat(one).isBetween(200L, 400L);
        long seq = shard.storeAny(phone, "m1");
        shard.ack(phone, seq);
        assertThat(used(Kind.COPY)).isEqualTo(one);

        long hour = System.currentTimeMillis() / 3_600_000;
        note("copy:" + (hour - 25), 1000);
        note("record:" + (hour - 25), 500);
        assertThat(used(Kind.COPY)).isEqualTo(one + 1000);
        note("copy:" + (hour - 26), 70_000);
        note("record:" + (hour - 30), 70_000);
        assertThat(used(Kind.COPY)).isEqualTo(one + 1000);
        assertThat(used(Kind.RECORD)).isEqualTo(500);
        assertThat(shard.hash(InboxKeys.used(phone.shard()))).doesNotContainKey("copy:" + (hour - 26));
    }

    private void note(String field, long bytes) {
        String used = InboxKeys.used(phone.shard());
        byte[] number = Long.toString(bytes).getBytes(StandardCharsets.US_ASCII);
        Shard.await(shard.redis.command(used, it -> it.hset(used, Map.of(field, number))));
    }

    @Test
    void whatExpiredByItselfIsPutRight() {
        shard.storeAny(phone, "m1");
        shard.storeAny(phone.withDevice("pad"), "m2");
        long both = used(Kind.INBOX);
        String inbox = InboxKeys.inbox(phone);
        Shard.await(shard.redis.command(inbox, it -> it.del(inbox)));

        Recount recount = Shard.await(budget.recount(phone.shard()));
        assertThat(recount.inboxes()).isEqualTo(1);
        assertThat(recount.wrong()).isBetween(4000L, 5000L);
        assertThat(used(Kind.INBOX)).isEqualTo(both - recount.wrong());
        assertThat(shard.hash(InboxKeys.box(phone))).doesNotContainKey("bytes");
        assertThat(Shard.await(budget.recount(phone.shard())).wrong()).isZero();
    }

    @Test
    void aSumThatIsWrongForWhateverReasonIsPutRight() {
        shard.storeAny(phone, "m1");
        long right = used(Kind.INBOX);
        note("inbox", 999_999);

        Shard.await(budget.recount(phone.shard()));
        assertThat(used(Kind.INBOX)).isEqualTo(right);
    }

    @Test
    void anInboxThatExpiredByItselfIsRightAgainWithItsNextMessage() {
        shard.storeAny(phone, "m1");
        long one = used(Kind.INBOX);
        String inbox = InboxKeys.inbox(phone);
        Shard.await(shard.redis.command(inbox, it -> it.del(inbox)));

        shard.storeAny(phone, "m2");
        assertThat(used(Kind.INBOX)).isEqualTo(one);
    }

    @Test
    void whatIsCountedIsAboutWhatRedisTakes() {
        long before = memory();
        int users = 200;
        long counted = 0;
        for (int user = 0; user < users; user++) {
            Endpoint endpoint = Shard.someone("phone");
            for (int message = 0; message < 1 + user % 20; message++) {
                shard.storeAny(endpoint, "a-message-id-of-usual-length-" + message);
            }
        }
        for (int n = 0; n < 256; n++) {
            counted += Shard.await(budget.used(n)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        assertThat(counted).isCloseTo(memory() - before, withPercentage(35));
    }

    @Test
    void whatRedisMayUseIsItsLimitOrHalfOfTheMachine() {
        assertThat(RedisBudget.memory("used_memory:5\r\nmaxmemory:1000\r\ntotal_system_memory:900\r\n"))
                .isEqualTo(1000);
        assertThat(RedisBudget.memory("maxmemory:0\r\ntotal_system_memory:900\r\n"))
                .isEqualTo(450);
        assertThat(Shard.await(budget.memory())).isPositive();
    }

    @Test
    void aCopyIsCountedWithAllThatWillBeNotedOfIt() {
        long before = memory();
        int copies = 2000;
        for (int i = 0; i < copies; i++) {
            Endpoint endpoint = Shard.someone("phone");
            String id = "a-message-id-of-usual-length-" + i;
            long seq = shard.storeAny(endpoint, id);
            shard.settleAny(endpoint, seq, id, CopyState.WRITTEN, "");
            shard.ack(endpoint, seq);
            Shard.await(shard.redis.command(
                    InboxKeys.box(endpoint), it -> it.del(InboxKeys.box(endpoint), InboxKeys.user(endpoint))));
        }
        long counted = 0;
        for (int n = 0; n < 256; n++) {
            counted += Shard.await(budget.used(n)).getOrDefault(Kind.COPY, 0L);
            String acked = InboxKeys.acked(n); // kept for half a minute, whatever is counted
            Shard.await(shard.redis.command(acked, it -> it.del(acked)));
        }
        assertThat(counted)
                .isCloseTo(memory() - before, withPercentage(35)); // a node of a cluster takes more for each key
    }
}
