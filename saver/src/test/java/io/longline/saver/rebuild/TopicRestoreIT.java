package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.Extent;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlJournal;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.journal.MysqlTopicReader;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.rebuild.RestoreStore.Published;
import io.longline.saver.topic.Logs;
import io.longline.saver.topic.TopicLimits;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics from the journal into Redis, also where Redis refuses a part of them. */
@Timeout(120)
final class TopicRestoreIT {
    private static final long HOUR_MS = 3_600_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final TopicLimits limits = Logs.limits(1000, 16 << 20);
    private final Topic topic = Logs.someTopic();
    private final long now = System.currentTimeMillis();
    private final Extent all = Extent.of(now, 0);
    private final Shard shard = new Shard(redis.uri());
    private final RedisRestore restore = new RedisRestore(shard.redis, Duration.ZERO);
    private final MysqlDatabase database;
    private final MysqlJournal journal;

    TopicRestoreIT() {
        JournalConfig config =
                new JournalConfig(mysql.jdbcUrl(), 5, 10_000, 1 << 24, 2, Duration.ofSeconds(20), Duration.ZERO);
        database = new MysqlDatabase(config);
        journal = new MysqlJournal(database, config, new SaverMetrics(new SimpleMeterRegistry()));
    }

    @BeforeEach
    void open() {
        database.start();
        journal.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30)))).isTrue();
        shard.loseEverything();
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
        shard.close();
    }

    private TopicRestore into(RestoreStore store) {
        return new TopicRestore(store, new MysqlTopicReader(database), limits);
    }

    private List<Long> journaled(int messages) {
        long first = (now - HOUR_MS) * 1024;
        List<JournalEntry> rows = IntStream.range(0, messages)
                .<JournalEntry>mapToObj(i -> new TopicRow(
                        topic, first + i, "m" + i, now, now + HOUR_MS, ByteString.copyFromUtf8("body of m" + i)))
                .toList();
        journal.write(Durability.MYSQL, rows).await(Deadline.after(Duration.ofSeconds(30)));
        return IntStream.range(0, messages).mapToObj(i -> first + i).toList();
    }

    @Test
    void whereAPartIsRefusedTheNextAttemptFillsIt() {
        List<Long> offsets = journaled(250);
        Shard.await(restore.begin(topic.shard(), "1-1"));
        assertThatThrownBy(() -> into(new Refusing(restore, 2)).restore(topic.shard(), "1-1", all))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));

        Shard.await(restore.begin(topic.shard(), "1-2"));
        into(restore).restore(topic.shard(), "1-2", all);
        Shard.await(restore.finish(topic.shard(), "1-2"));
        assertThat(new Logs(shard, 1000, 16 << 20).offsets(topic)).containsExactlyElementsOf(offsets);
    }

    private void journal(JournalEntry... entries) {
        journal.write(Durability.MYSQL, List.of(entries)).await(Deadline.after(Duration.ofSeconds(30)));
    }

    private TopicRow row(Topic of, long offset, String id) {
        return new TopicRow(of, offset, id, now, now + HOUR_MS, ByteString.copyFromUtf8("body of " + id));
    }

    private void rebuild(Topic of, String name, TopicLimits with, Extent extent) {
        Shard.await(restore.begin(of.shard(), name));
        new TopicRestore(restore, new MysqlTopicReader(database), with).restore(of.shard(), name, extent);
        Shard.await(restore.finish(of.shard(), name));
    }

    @Test
    void ofAProductThatWantsItsLogsShorterNoMoreComesBack() {
        long first = (now - 1000) * 1024;
        journal(IntStream.range(1, 10)
                .mapToObj(i -> row(topic, first + i, "m" + i))
                .toArray(JournalEntry[]::new));
        rebuild(topic, "1-1", Logs.limits(1000, 16 << 20, new LogLimits(2, 0, 0, Map.of())), all);

        assertThat(new Logs(shard, 1000, 16 << 20).bodies(topic)).containsExactly("body of m8", "body of m9");
    }

    @Test
    void promise08AnIdIsRefusedAlsoWhereItsMessageHasExpiredOrLeftItsLog() {
        long first = (now - HOUR_MS) * 1024;
        ByteString body = ByteString.copyFromUtf8("body");
        journal(new TopicRow(topic, first, "m0", now, now - 1, body));
        journal(IntStream.range(1, 10)
                .mapToObj(i -> row(topic, first + i, "m" + i))
                .toArray(JournalEntry[]::new));
        rebuild(topic, "1-1", Logs.limits(3, 16 << 20), all);

        Logs logs = new Logs(shard, 3, 16 << 20);
        for (int i = 0; i < 10; i++) {
            assertThat(logs.publish(topic, "m" + i)).isEqualTo(first + i);
        }
        assertThat(logs.offsets(topic)).containsExactly(first + 7, first + 8, first + 9);
        assertThat(logs.gap(topic, first - 1)).isEqualTo(first + 7);
    }

    @Test
    void broadcastsComeBackAsTheirJobsLeftThem() {
        Topic broadcasts = Logs.someBroadcastTopic();
        long first = (now - HOUR_MS) * 1024;
        journal(row(broadcasts, first, "m1"), row(broadcasts, first + 1, "m2"), row(broadcasts, first + 2, "m3"));
        journal(new Settled(broadcasts, first + 1, How.REMOVE), new Settled(broadcasts, first, How.OPEN));
        rebuild(broadcasts, "1-1", limits, all);

        Logs logs = new Logs(shard, 1000, 16 << 20);
        assertThat(logs.bodies(broadcasts)).containsExactly("body of m1");
        assertThat(logs.bodies(broadcasts, first + 2)).containsExactly("body of m1", "body of m3");
        assertThat(logs.publish(broadcasts, "m2")).isEqualTo(first + 1);
    }

    @Test
    void whatBecameOfABroadcastIsCarriedOutHoweverOldItIs() {
        Topic broadcasts = Logs.someBroadcastTopic();
        long first = (now - HOUR_MS) * 1024;
        journal(row(broadcasts, first, "m1"), row(broadcasts, first + 1, "m2"));
        rebuild(broadcasts, "1-1", limits, all);
        journal(new Settled(broadcasts, first, How.REMOVE), new Settled(broadcasts, first + 1, How.OPEN));
        String mark = InboxKeys.mark(broadcasts.shard());
        Shard.await(shard.redis.command(mark, it -> it.del(mark)));
        rebuild(broadcasts, "1-2", limits, Extent.of(now, now));

        assertThat(new Logs(shard, 1000, 16 << 20).bodies(broadcasts)).containsExactly("body of m2");
    }

    @Test
    void whatWasRemovedTakesNoRoomFromWhatWasNot() {
        Topic broadcasts = Logs.someBroadcastTopic();
        long first = (now - HOUR_MS) * 1024;
        journal(IntStream.range(0, 8)
                .mapToObj(i -> row(broadcasts, first + i, "m" + i))
                .toArray(JournalEntry[]::new));
        journal(IntStream.range(4, 8)
                .mapToObj(i -> new Settled(broadcasts, first + i, How.REMOVE))
                .toArray(JournalEntry[]::new));
        journal(new Settled(broadcasts, first + 3, How.OPEN));
        rebuild(broadcasts, "1-1", Logs.limits(3, 16 << 20), all);

        Logs logs = new Logs(shard, 3, 16 << 20);
        assertThat(logs.bodies(broadcasts)).containsExactly("body of m1", "body of m2", "body of m3");
        assertThat(logs.gap(broadcasts, first - 1)).as("m0 had no room").isEqualTo(first + 1);
    }

    /** A store that refuses one batch of messages of topics; of it nothing else is expected than what a {@link TopicRestore} does. */
    private record Refusing(RestoreStore store, AtomicInteger left) implements RestoreStore {
        Refusing(RestoreStore store, int batch) {
            this(store, new AtomicInteger(batch));
        }

        @Override
        public CompletionStage<Integer> topics(
                int shard, List<Published> messages, TopicLimits limits, String rebuild) {
            return left.decrementAndGet() == 0
                    ? CompletableFuture.failedFuture(new LonglineException(ErrorCode.OVERLOADED, "too much for now"))
                    : store.topics(shard, messages, limits, rebuild);
        }

        @Override
        public CompletionStage<Void> offsets(int shard, List<Passed> offsets, String rebuild) {
            return store.offsets(shard, offsets, rebuild);
        }

        @Override
        public CompletionStage<Void> settled(int shard, List<Settled> settled, String rebuild) {
            return store.settled(shard, settled, rebuild);
        }

        private static <T> CompletionStage<T> unexpected() {
            throw new UnsupportedOperationException("nobody asks for this here");
        }

        @Override
        public CompletionStage<Optional<Begun>> begin(int shard, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<List<JournalEntry>> heir(Heir heir, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Void> kept(Heir heir, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Void> watermarks(int shard, List<Acked> watermarks, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Integer> messages(int shard, List<Copy> copies, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Integer> schedule(int shard, List<JournaledSchedule> messages, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Void> finish(int shard, String rebuild) {
            return unexpected();
        }

        @Override
        public CompletionStage<Integer> noteWhole() {
            return unexpected();
        }
    }
}
