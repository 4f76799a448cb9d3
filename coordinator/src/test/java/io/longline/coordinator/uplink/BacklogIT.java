package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.coordinator.CoordinatorServer;
import io.longline.coordinator.callback.BackEnd;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.product.UplinkLimits;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.PulledUplink;
import io.longline.rpc.v1.UplinkType;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole coordinators for which forty events of a stream fit into Redis, and a hundred and more come. */
@Timeout(300)
class BacklogIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final UplinkLimits UNLIMITED = new UplinkLimits(0, 0);
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int IN_REDIS = 40;
    private static final int MANY = 3 * IN_REDIS;
    private static final Map<String, String> SMALL = Map.of(
            "coordinator.outbox.waiting-per-stream",
            Integer.toString(IN_REDIS),
            "coordinator.backlog.let-go-after",
            "500ms",
            "coordinator.backlog.retry-after",
            "300ms",
            "coordinator.outbox.lease",
            "3s");

    private final BackEnd backEnd = new BackEnd();
    private final FakeBacklogs backlogs = new FakeBacklogs();
    private final UplinkWorld world = new UplinkWorld(REDIS.uri(), ZOOKEEPER.uri());
    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());

    @BeforeEach
    void start() {
        redis.start();
        emptyRedis(); // what an earlier test left there would come to MySQL, and be counted there
        world.callbacks(UNLIMITED, UplinkWorld.callback("order", backEnd.url(), 10_000));
        world.serve("saver", "saver-1", backlogs.service());
    }

    @AfterEach
    void stop() {
        world.close();
        redis.close();
        backEnd.close();
    }

    private void emptyRedis() {
        String _ = RedisStore.await(
                redis.command("any", commands -> commands.flushall()), Deadline.after(Duration.ofSeconds(10)));
    }

    private void send(int from, int to, IntConsumer after) {
        for (int i = from; i < to; i++) {
            world.sendUntilTaken("u0", "order", "i" + i);
            after.accept(i);
        }
    }

    private void send(int from, int to) {
        send(from, to, _ -> {});
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "i" + i).toList();
    }

    /** Each event the first time that it was taken: a repeat has the same id. */
    private List<String> takenOnce(String user) {
        List<String> taken = new ArrayList<>();
        HashSet<String> known = new HashSet<>();
        for (JsonNode event : backEnd.taken()) {
            if (event.path("user").asText().equals(user)
                    && known.add(event.path("id").asText())) {
                taken.add(event.path("uplink_id").asText());
            }
        }
        return taken;
    }

    private UplinkType orders() {
        return world.types().stream()
                .filter(type -> type.getType().equals("order"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatACallbackThatIsDownDoesNotTakeWaitsInMysqlAndArrivesInOrderOnce() {
        backEnd.goDown();
        world.coordinator("c1", SMALL);
        send(0, MANY);
        world.sendUntilTaken("u1", "order", "other");
        assertThat(backlogs.size()).isGreaterThan(MANY - 2 * IN_REDIS);
        assertThat(orders().getWaiting()).isEqualTo(MANY + 1);

        backEnd.comeBack();

        await().atMost(LONG).until(() -> backEnd.takenOf("u0").size() >= MANY);
        assertThat(backEnd.takenOf("u0")).isEqualTo(ids(0, MANY));
        assertThat(backEnd.takenOf("u1")).containsExactly("other");
        await().atMost(LONG).until(() -> backlogs.size() == 0);
        send(MANY, MANY + 5);
        await().atMost(LONG).until(() -> backEnd.takenOf("u0").size() == MANY + 5);
        assertThat(orders().getWaiting()).isZero();
    }

    @Test
    void eachGroupIsGivenAllInOrderAndTheCountsHaveWhatIsInMysql() {
        world.callbacks(UNLIMITED);
        world.coordinator("c1", SMALL);
        assertThat(world.pull("one", 1, 0, 60_000)).isEmpty();
        assertThat(world.pull("two", 1, 0, 60_000)).isEmpty();
        send(0, MANY);
        assertThat(orders().getWaiting()).isEqualTo(MANY);
        assertThat(orders().getGroupsList()).allSatisfy(group -> {
            assertThat(group.getDepth()).isEqualTo(MANY);
            assertThat(group.getOldestAgeMs()).isPositive();
        });

        assertThat(pullAll("one")).isEqualTo(ids(0, 20));
        assertThat(orders().getWaiting()).as("the other wants all of them").isEqualTo(MANY);
        List<String> two = pullAll("two");
        List<String> one = new ArrayList<>(ids(0, 20));
        await().atMost(LONG).until(() -> {
            one.addAll(pullAll("one"));
            two.addAll(pullAll("two"));
            return one.size() >= MANY && two.size() >= MANY;
        });

        assertThat(one).isEqualTo(ids(0, MANY));
        assertThat(two).isEqualTo(ids(0, MANY));
        await().atMost(LONG).until(() -> orders().getWaiting() == 0 && backlogs.size() == 0);
    }

    /** What there is now; finishes each. */
    private List<String> pullAll(String group) {
        List<String> taken = new ArrayList<>();
        List<PulledUplink> some;
        do {
            some = world.pull(group, 50, 0, 60_000);
            world.settle(group, some, false);
            some.forEach(uplink -> taken.add(uplink.getUplinkId()));
        } while (!some.isEmpty());
        return taken;
    }

    @Test
    void coordinatorsThatComeAndGoAndAnswersThatAreLostMakeNoneLostAndKeepTheOrder() {
        backEnd.goDown();
        CoordinatorServer first = world.coordinator("c1", SMALL);
        send(0, MANY, i -> {
            if (i % 25 == 20) {
                backlogs.loseAnswers(1);
            }
        });
        world.coordinator("c2", SMALL);
        first.close();
        send(MANY, MANY + 20);
        backEnd.comeBack();
        await().atMost(LONG).until(() -> takenOnce("u0").size() > IN_REDIS);
        world.coordinator("c3", SMALL);

        await().atMost(LONG).until(() -> takenOnce("u0").size() == MANY + 20);

        assertThat(takenOnce("u0")).isEqualTo(ids(0, MANY + 20));
        await().atMost(LONG).until(() -> backlogs.size() == 0);
    }

    @Test
    void whatIsInMysqlIsDeliveredThoughRedisHasLostEverything() {
        backEnd.goDown();
        world.coordinator("c1", SMALL);
        send(0, MANY);
        await().atMost(LONG).until(() -> backlogs.size() > MANY - 2 * IN_REDIS);
        int inMysql = backlogs.size();

        emptyRedis();
        send(MANY, MANY + 5);
        backEnd.comeBack();

        await().atMost(LONG).until(() -> takenOnce("u0").size() >= inMysql + 5);
        List<String> taken = takenOnce("u0");
        assertThat(taken).containsAll(ids(MANY, MANY + 5)).doesNotHaveDuplicates();
        List<String> old = taken.stream()
                .filter(id -> Integer.parseInt(id.substring(1)) < MANY)
                .toList();
        assertThat(old)
                .isSortedAccordingTo(
                        (a, b) -> Integer.compare(Integer.parseInt(a.substring(1)), Integer.parseInt(b.substring(1))));
        await().atMost(LONG).until(() -> backlogs.size() == 0);
    }

    @Test
    void whileMysqlIsAwayAsMuchWaitsAsFitsIntoRedisAndNothingIsLost() {
        backEnd.goDown();
        backlogs.refuse(ErrorCode.DEPENDENCY_DOWN);
        world.coordinator("c1", SMALL);
        send(0, IN_REDIS);
        assertThat(refusalOf("too-many")).isEqualTo(ErrorCode.QUEUE_FULL);

        backlogs.refuse(null);
        send(IN_REDIS, MANY);
        backlogs.refuse(ErrorCode.QUEUE_FULL);
        AtomicInteger more = new AtomicInteger();
        await().atMost(LONG).until(() -> refusalOf("x" + more.incrementAndGet()) == ErrorCode.QUEUE_FULL);

        backlogs.refuse(null);
        backEnd.comeBack();
        await().atMost(LONG)
                .until(() -> takenOnce("u0").stream()
                                .filter(id -> id.startsWith("i"))
                                .count()
                        == MANY);
        assertThat(takenOnce("u0").stream().filter(id -> id.startsWith("i"))).isEqualTo(ids(0, MANY));
    }

    @Test
    void whatMysqlRefusesOfOneTypeHoldsUpNoOtherOfItsShard() {
        world.callbacks(
                UNLIMITED,
                UplinkWorld.callback("order", backEnd.url(), 10_000),
                UplinkWorld.callback("chat", backEnd.url(), 10_000));
        backEnd.goDown();
        backlogs.breakFor("uplink.order");
        Map<String, String> patient = new HashMap<>(SMALL);
        patient.put("coordinator.backlog.retry-after", "1h");
        world.coordinator("c1", patient);
        send(0, IN_REDIS);

        IntStream.range(0, MANY).forEach(i -> world.sendUntilTaken("u0", "chat", "c" + i));

        assertThat(backlogs.size()).isGreaterThan(MANY - 2 * IN_REDIS);
    }

    private ErrorCode refusalOf(String id) {
        try {
            return world.send("u0", "order", id).join().hasError() ? ErrorCode.INTERNAL : ErrorCode.NOT_FOUND;
        } catch (CompletionException e) {
            return ErrorTranslator.fromAny(e).code();
        }
    }
}
