package io.longline.saver.away;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.budget.Budgets;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.Inboxes;
import io.longline.saver.inbox.Inboxes.Read;
import io.longline.saver.inbox.Inboxes.Stored;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlJournal;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlTopicReader;
import io.longline.saver.rebuild.Rebuild;
import io.longline.saver.rebuild.RedisRestore;
import io.longline.saver.rebuild.ShardRestore;
import io.longline.saver.rebuild.TopicRestore;
import io.longline.saver.topic.Logs;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Inboxes leave for MySQL and come back at random, in between anything that can happen to them, some steps are broken off, and
 * Redis is lost now and then: messages are neither lost nor doubled nor out of order.
 */
@Timeout(240)
final class AwayRandomIT {
    private static final int STEPS = Integer.getInteger("longline.away.steps", 600);
    private static final int STEPS_TO_LOSS = 150;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static Shard shard;
    private static MysqlDatabase database;
    private static MysqlJournal journal;
    private static Rebuild rebuild;
    private static ShardCalls calls;
    private static final SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());

    private final long seed = Long.getLong("longline.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<String> history = new ArrayList<>();
    private BreakingAway away;
    private LeaveFlow leaving;
    private Inboxes inboxes;
    private final Map<String, Model> users = new HashMap<>();
    private int ids;
    private long generation;

    /** What waits for each device of a user, by seq, which of it was taken over, and when, and who is the heir. */
    private static final class Model {
        final Map<String, NavigableMap<Long, String>> waiting = new HashMap<>();
        final Map<String, Map<Long, Long>> taken = new HashMap<>();
        final Map<String, Long> newest = new HashMap<>();
        Optional<String> heir = Optional.empty();

        NavigableMap<Long, String> of(String device) {
            return waiting.computeIfAbsent(device, name -> new TreeMap<>());
        }

        void forget(String device, long upto) {
            Map<Long, Long> since = taken.getOrDefault(device, Map.of());
            of(device).headMap(upto, true).keySet().removeIf(seq -> since.getOrDefault(seq, 0L) <= upto);
        }

        /** The journal tells what was taken over, and what was the heir's own before that, not apart. */
        void rebuilt(long heirAt) {
            taken.clear();
            heir.filter(device -> !device.equals("default"))
                    .ifPresent(device ->
                            of(device).headMap(heirAt).keySet().forEach(seq -> noteTaken(device, seq, heirAt)));
        }

        void noteTaken(String device, long seq, long version) {
            taken.computeIfAbsent(device, name -> new HashMap<>()).put(seq, version);
        }
    }

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        JournalConfig config = JournalConfig.read(new ConfigReader(ConfigSource.builder()
                .flags(Map.of("mysql.url", mysql.jdbcUrl(), "saver.journal.timeout", "20s"))
                .build()));
        database = new MysqlDatabase(config);
        database.start();
        assertThat(database.awaitReady(Deadline.afterMillis(60_000))).isTrue();
        journal = new MysqlJournal(database, config, metrics);
        journal.start();
        // What a loss left in MySQL stays there until somebody asks for it.
        RedisRestore restore = new RedisRestore(shard.redis, Duration.ofMillis(1));
        rebuild = new Rebuild(
                new ShardRestore(
                        restore,
                        new MysqlReader(database),
                        new TopicRestore(restore, new MysqlTopicReader(database), Logs.limits(10, 1 << 20)),
                        journal),
                journal,
                () -> Optional.of(new AlwaysMine()),
                metrics,
                2);
        rebuild.start();
        calls = new ShardCalls(Duration.ofSeconds(20), rebuild::suspect, rebuild::suspects, () -> {});
    }

    private static final class AlwaysMine implements Lease {
        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return true;
        }

        @Override
        public void close() {
            // Nobody else wants it.
        }
    }

    @BeforeEach
    void begin() {
        away = new BreakingAway(new RedisAway(shard.redis, shard.told.events()), random);
        MysqlInboxes rows = new MysqlInboxes(database);
        leaving = new LeaveFlow(away, rows, journal);
        inboxes = new Inboxes(shard, journal, calls, new ReturnFlow(away, rows, journal, calls, metrics));
    }

    @AfterAll
    static void disconnect() {
        rebuild.close();
        journal.close();
        database.close();
        shard.close();
    }

    @Test
    void nothingIsLostDoubledOrOutOfOrder() {
        try {
            for (int step = 1; step <= STEPS; step++) {
                step();
                if (step % STEPS_TO_LOSS == 0) {
                    loseRedis();
                }
            }
            away.calm();
            users.forEach(
                    (user, model) -> List.copyOf(model.waiting.keySet()).forEach(device -> assertSame(user, device)));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", what happened to that user:\n" + lastUsersHistory(), e);
        }
        assertThat(away.broken()).isPositive();
        assertThat(away.left()).isGreaterThan(20);
        assertThat(away.returned()).isGreaterThan(20);
    }

    @Test
    void whatADeviceTookOverIsNotEndedByALaterWatermarkOfDefault() {
        away.calm();
        for (String product : List.of("demo", "fast")) {
            String user = product + "/heir";
            Stored stored = stored(user, "default", "m1");
            List<Read> read = inboxes.open(endpoint(user, "phone"), 0, 1);
            assertThat(read).containsExactly(new Read(stored.seq(), "m1"));
            inboxes.forget(endpoint(user, "default"), 0);

            assertThat(leaving.leave(endpoint(user, "phone"), Duration.ZERO)).isEqualTo(1);
            assertThat(inboxes.load(endpoint(user, "phone"))).isEqualTo(read);
            loseRedis();
            assertThat(inboxes.load(endpoint(user, "phone"))).isEqualTo(read);
        }
    }

    /** The journal hears of an ack up to a second later, and of an heir at once. */
    @Test
    void whatDefaultAcknowledgedAMomentAgoIsNobodysHeritage() {
        away.calm();
        for (String product : List.of("demo", "fast")) {
            String user = product + "/moment";
            Stored common = stored(user, "default", "m1");
            Stored own = stored(user, "phone", "m2");
            assertThat(leaving.leave(endpoint(user, "phone"), Duration.ZERO)).isEqualTo(1);
            assertThat(journal.flush(Deadline.afterMillis(20_000))).isTrue();

            inboxes.ack(endpoint(user, "default"), common.seq());
            assertThat(inboxes.open(endpoint(user, "phone"), 0, 1)).containsExactly(new Read(own.seq(), "m2"));
        }
    }

    @Test
    void whileANodeIsAwayInboxesOfTheOthersLeave() {
        away.calm();
        Stored stored = stored("demo/others", "phone", "m1");
        int shard = endpoint("demo/others", "phone").shard();
        away.gone(one -> one != shard);
        AwayConfig config = new AwayConfig(Duration.ofMillis(1));
        Absentees absentees =
                new Absentees(away, leaving, journal, new Budgets(kind -> {}), Optional::empty, config, metrics);

        Awaitility.await().until(() -> absentees.round() > 0);
        assertThat(inboxes.load(endpoint("demo/others", "phone"))).containsExactly(new Read(stored.seq(), "m1"));
    }

    private Stored stored(String user, String device, String id) {
        Stored stored = inboxes.store(endpoint(user, device), id, "");
        shard.settleAny(endpoint(user, device), stored.seq(), "", CopyState.STORED, "");
        return stored;
    }

    private String lastUsersHistory() {
        String user = " " + List.of(history.getLast().split(" ", -1)).get(1) + " ";
        List<String> of = history.stream()
                .filter(line -> line.contains(user) || line.startsWith("redis"))
                .toList();
        return String.join("\n", of.subList(Math.max(0, of.size() - 100), of.size()));
    }

    private void step() {
        String user = (random.nextBoolean() ? "demo/" : "fast/") + "u" + random.nextInt(3);
        String device = List.of("phone", "pad", "default").get(random.nextInt(3));
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> store(user, device);
            case 4, 5, 6, 7 -> leave(user, device);
            case 8 -> acknowledge(user, device);
            case 9 -> open(user, device);
            case 10 -> assertSame(user, device);
            default -> rarely(user, device);
        }
    }

    private void rarely(String user, String device) {
        if (random.nextInt(4) == 0) {
            forget(user, device);
        } else {
            pending(user, device);
        }
    }

    private Model model(String user) {
        return users.computeIfAbsent(user, name -> new Model());
    }

    private static Endpoint endpoint(String user, String device) {
        return Endpoint.parse(user + "/" + device);
    }

    private void store(String user, String device) {
        String id = "m" + ++ids;
        String key = random.nextInt(3) == 0 ? "key" + random.nextInt(2) : "";
        Stored stored = inboxes.store(endpoint(user, device), id, key);
        history.add("store " + user + " " + device + " " + id + " key=" + key + " -> " + stored);
        NavigableMap<Long, String> waiting = model(user).of(stored.device());
        waiting.remove(stored.older());
        waiting.put(stored.seq(), id);
        model(user).newest.put(stored.device(), stored.seq());
        if (random.nextInt(4) > 0) { // nobody is there
            shard.settleAny(endpoint(user, stored.device()), stored.seq(), "", CopyState.STORED, "");
        }
    }

    private void leave(String user, String device) {
        int left = away.tried(() -> leaving.leave(endpoint(user, device), Duration.ZERO));
        history.add("leave " + user + " " + device + " -> " + left);
    }

    private void acknowledge(String user, String device) {
        long seq = someSeq(user, device);
        long acked = away.insisted(() -> inboxes.ack(endpoint(user, device), seq));
        history.add("ack " + user + " " + device + " " + seq + " -> " + acked);
        assertThat(acked).isGreaterThanOrEqualTo(seq);
        model(user).of(device).headMap(seq, true).clear();
    }

    private long someSeq(String user, String device) {
        List<Long> seqs = List.copyOf(model(user).of(device).keySet());
        return seqs.isEmpty() ? 0 : seqs.get(random.nextInt(seqs.size()));
    }

    private void open(String user, String device) {
        long named = random.nextInt(3) == 0 ? someSeq(user, device) : 0;
        List<Read> read = away.insisted(() -> inboxes.open(endpoint(user, device), named, ++generation));
        history.add("open " + user + " " + device + " " + named + " -> " + read);
        Model model = model(user);
        model.of(device).headMap(named, true).clear();
        if (model.heir.isEmpty() || model.heir.get().isEmpty()) {
            model.heir = Optional.of(device);
            takeOver(model, device, read, heirAt(user));
        } else if (device.equals("default") && !model.heir.get().equals("default")) {
            model.heir = Optional.of(device);
        }
        assertThat(read).isEqualTo(reads(model.of(device)));
        // So that nobody is turned away: this is another test's.
        inboxes.ack(endpoint(user, device), read.isEmpty() ? 0 : read.getFirst().seq());
        if (!read.isEmpty()) {
            model.of(device).remove(read.getFirst().seq());
        }
    }

    /** What was stored for default may have got another seq. */
    private static void takeOver(Model model, String device, List<Read> read, long version) {
        if (device.equals("default")) {
            return;
        }
        List<String> expected = new ArrayList<>(model.of(device).values());
        expected.addAll(model.of("default").values());
        assertThat(read).extracting(Read::messageId).containsExactlyInAnyOrderElementsOf(expected);
        NavigableMap<Long, String> waiting = model.of(device);
        waiting.clear();
        read.stream()
                .filter(one -> model.of("default").containsValue(one.messageId()))
                .forEach(one -> model.noteTaken(device, one.seq(), version));
        model.of("default").clear();
        read.forEach(one -> waiting.put(one.seq(), one.messageId()));
        assertThat(reads(waiting)).isEqualTo(read);
    }

    private static List<Read> reads(NavigableMap<Long, String> waiting) {
        return waiting.entrySet().stream()
                .map(entry -> new Read(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void assertSame(String user, String device) {
        List<Read> read = away.insisted(() -> inboxes.load(endpoint(user, device)));
        history.add("load " + user + " " + device + " -> " + read);
        assertThat(read).isEqualTo(reads(model(user).of(device)));
    }

    private void pending(String user, String device) {
        long pending = away.insisted(() -> inboxes.pending(endpoint(user, device)));
        history.add("pending " + user + " " + device + " -> " + pending);
        assertThat(pending).isEqualTo(model(user).of(device).size());
    }

    private void forget(String user, String device) {
        Model model = model(user);
        long upto = random.nextBoolean() ? 0 : someSeq(user, device);
        int dropped = away.insisted(() -> inboxes.forget(endpoint(user, device), upto));
        history.add("forget " + user + " " + device + " " + upto + " -> " + dropped);
        model.forget(device, upto == 0 ? Long.MAX_VALUE : upto);
        if (model.heir.equals(Optional.of(device)) && !shard.hash(user(user)).containsKey("heir")) {
            model.heir = Optional.of("");
        }
    }

    private static long heirAt(String user) {
        return Long.parseLong(shard.hash(user(user)).getOrDefault("heir_at", "0"));
    }

    private static String user(String user) {
        return InboxKeys.user(endpoint(user, "phone"));
    }

    /** All of it is in the journal: what durability redis may lose is another test's. */
    private void loseRedis() {
        assertThat(journal.flush(Deadline.afterMillis(20_000))).isTrue();
        shard.loseEverything();
        rebuild.suspectAll();
        assertThat(rebuild.awaitDone(Deadline.afterMillis(30_000))).isTrue();
        users.forEach((user, model) -> model.rebuilt(heirAt(user)));
        history.add("redis is lost and rebuilt");
    }
}
