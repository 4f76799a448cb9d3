package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoredMessage;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis is emptied and rolled back again and again while messages are stored and acknowledged. */
@Timeout(300)
final class RedisLossUnderFlowIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LOSSES = Boolean.getBoolean("longline.test.long") ? 30 : 2;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final List<Endpoint> endpoints =
            IntStream.range(0, 20).mapToObj(i -> SaverCluster.someone("demo")).toList();
    /** Ids answered with success; ids that may have been acknowledged; and those that were, beyond the loss of Redis. */
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    private final Set<String> acked = ConcurrentHashMap.newKeySet();
    private final Set<String> ackedForGood = new HashSet<>();
    private final List<LonglineException> unexpected = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    /** Which id had a seq of a user; and the highest seq that the client of an endpoint has finished with. */
    private final Map<String, String> seqs = new ConcurrentHashMap<>();

    private final Map<Endpoint, Long> finished = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    @Test
    void nothingThatWasAnsweredIsLostAndNothingAcknowledgedComesBack() {
        try (SaverCluster cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
                JournalView journal = new JournalView(mysql.jdbcUrl())) {
            cluster.start();
            cluster.start();
            List<Thread> flow = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                flow.add(Thread.startVirtualThread(() -> repeat(() -> storeSomething(cluster.client))));
            }
            flow.add(Thread.startVirtualThread(() -> repeat(() -> acknowledgeSomething(cluster.client))));
            for (int i = 0; i < LOSSES; i++) {
                int before = answered.size();
                Awaitility.await().atMost(SOON).until(() -> answered.size() > before + 300);
                acknowledgeForGood(cluster.client, journal);
                switch (i % 3) {
                    case 0 -> loseEverything();
                    case 1 -> loseEverythingBetweenStoreAndCommit();
                    default -> rollBack();
                }
            }
            int before = answered.size();
            Awaitility.await().atMost(SOON).until(() -> answered.size() > before + 100);
            over = true;
            flow.forEach(RedisLossUnderFlowIT::join);

            check(cluster.client);
        }
    }

    private void check(SaverClient client) {
        assertThat(unexpected).isEmpty();
        assertThat(wrong).isEmpty();
        List<String> waiting = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            List<StoredMessage> inbox = client.inbox(endpoint);
            assertThat(inbox).extracting(StoredMessage::getSeq).isSorted().doesNotHaveDuplicates();
            inbox.forEach(one -> waiting.add(one.getMessage().getMessageId()));
        }
        assertThat(waiting).doesNotHaveDuplicates();
        assertThat(answered.stream().filter(id -> !acked.contains(id))).isSubsetOf(waiting);
        assertThat(waiting).doesNotContainAnyElementsOf(ackedForGood);
        assertThat(ackedForGood).hasSizeGreaterThan(LOSSES);
    }

    /** Repeats the id until it is answered, as callers do. */
    private void storeSomething(SaverClient client) {
        int number = ids.incrementAndGet();
        String id = "m" + number;
        while (!over && !answered.contains(id)) {
            retryable(() -> {
                Endpoint endpoint = endpoints.get(number % endpoints.size());
                long before = finished.getOrDefault(endpoint, 0L);
                StoreReply reply = client.store(endpoint, id);
                answered.add(id);
                checkSeq(endpoint, id, before, reply);
            });
        }
    }

    /** A client that kept its state takes what is not above it for a double. */
    private void checkSeq(Endpoint endpoint, String id, long before, StoreReply reply) {
        String other = seqs.putIfAbsent(endpoint.getUser() + "/" + reply.getSeq(), id);
        if (other != null && !other.equals(id)) {
            wrong.add("one seq for " + other + " and " + id);
        }
        if (!reply.getRepeated() && reply.getSeq() <= before) {
            wrong.add(id + " is below what the client has finished with");
        }
    }

    private void ack(SaverClient client, Endpoint endpoint, long seq) {
        finished.merge(endpoint, seq, Math::max);
        client.ack(endpoint, seq);
    }

    private void acknowledgeSomething(SaverClient client) {
        for (Endpoint endpoint : endpoints) {
            LoadReply page = client.load(endpoint, 0, 5);
            if (page.getMessagesCount() > 0) {
                // Noted before it is asked for: an ack whose answer got lost may have been taken.
                page.getMessagesList().forEach(one -> acked.add(one.getMessage().getMessageId()));
                ack(
                        client,
                        endpoint,
                        page.getMessages(page.getMessagesCount() - 1).getSeq());
            }
        }
    }

    /** Until the journal has it too: that is what a loss of Redis does not undo. */
    private void acknowledgeForGood(SaverClient client, JournalView journal) {
        Map<Endpoint, Long> upto = new HashMap<>();
        for (Endpoint endpoint : endpoints) {
            LoadReply page = client.load(endpoint, 0, 5);
            if (page.getMessagesCount() > 0) {
                List<String> some = page.getMessagesList().stream()
                        .map(one -> one.getMessage().getMessageId())
                        .toList();
                acked.addAll(some);
                ackedForGood.addAll(some);
                upto.put(endpoint, page.getMessages(page.getMessagesCount() - 1).getSeq());
                ack(client, endpoint, upto.get(endpoint));
            }
        }
        upto.forEach(journal::awaitAcked);
    }

    private void repeat(Runnable step) {
        while (!over) {
            retryable(step);
        }
    }

    private void retryable(Runnable step) {
        try {
            step.run();
        } catch (LonglineException e) {
            if (!e.code().retryable()) {
                unexpected.add(e);
                over = true;
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows of what is in Redis already wait for MySQL, and reach it when the rebuild reads it. */
    private void loseEverythingBetweenStoreAndCommit() {
        mysql.store().pause();
        try {
            int before = ids.get();
            Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> ids.get() >= before);
            loseEverything();
        } finally {
            mysql.store().resume();
        }
    }

    /** To the append-only file of a moment ago; what was stored and acknowledged since is in the journal alone. */
    private void rollBack() {
        Path file = redis.store().directory().resolve("appendonly.aof");
        Path older = redis.store().directory().resolve("older.aof");
        try {
            redis.store().stop();
            Files.copy(file, older, StandardCopyOption.REPLACE_EXISTING);
            redis.store().start();
            int before = answered.size();
            Awaitility.await().atMost(SOON).until(() -> answered.size() > before + 200);
            redis.store().stop();
            Files.move(older, file, StandardCopyOption.REPLACE_EXISTING);
            redis.store().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void loseEverything() {
        RedisConfig config = new RedisConfig(redis.uri().toString(), Duration.ofSeconds(10));
        try (RedisStore store = new RedisStore(config, new SimpleMeterRegistry())) {
            store.start();
            RedisStore.await(store.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));
        }
    }
}
