package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.coordinator.CoordinatorServer;
import io.longline.coordinator.callback.BackEnd;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.product.UplinkLimits;
import io.longline.rpc.v1.BringReply;
import io.longline.rpc.v1.PulledUplink;
import io.longline.rpc.v1.UplinkGroupStanding;
import io.longline.rpc.v1.UplinkType;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole coordinators on a real Redis and ZooKeeper, back ends that fetch, and one that is called. */
@Timeout(120)
class PullGroupsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final UplinkLimits UNLIMITED = new UplinkLimits(0, 0);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int HOUR = 3_600_000;
    private static final int USERS = 20;

    private final BackEnd backEnd = new BackEnd();
    private final UplinkWorld world = new UplinkWorld(REDIS.uri(), ZOOKEEPER.uri());

    @BeforeEach
    void start() {
        world.callbacks(UNLIMITED);
    }

    @AfterEach
    void stop() {
        world.close();
        backEnd.close();
    }

    private void withCallback() {
        world.callbacks(UNLIMITED, UplinkWorld.callback("order", backEnd.url(), 10_000));
    }

    private void send(int from, int to) {
        for (int user = 0; user < USERS; user++) {
            String name = "u" + user;
            IntStream.range(from, to).forEach(i -> world.sendUntilTaken(name, "order", "i" + i));
        }
    }

    private static Set<String> all(int count) {
        return IntStream.range(0, USERS)
                .boxed()
                .flatMap(user -> IntStream.range(0, count).mapToObj(i -> "u" + user + "/i" + i))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(List<PulledUplink> uplinks) {
        return uplinks.stream()
                .map(uplink -> uplink.getUser() + "/" + uplink.getUplinkId())
                .toList();
    }

    /** Until it was given so many; finishes each. */
    private List<PulledUplink> take(String group, int count) {
        List<PulledUplink> taken = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            List<PulledUplink> more = world.pull(group, 50, 1_000, HOUR);
            world.settle(group, more, false);
            taken.addAll(more);
            return taken.size() >= count;
        });
        return taken;
    }

    private static ErrorCode refusal(CompletableFuture<BringReply> answer) {
        try {
            answer.join();
            throw new AssertionError("was taken");
        } catch (CompletionException e) {
            return ErrorTranslator.fromAny(e).code();
        }
    }

    private UplinkGroupStanding standing(String group) {
        return orders().getGroupsList().stream()
                .filter(each -> each.getGroup().equals(group))
                .findFirst()
                .orElseThrow();
    }

    private UplinkType orders() {
        return world.types().stream()
                .filter(type -> type.getType().equals("order"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachGroupAndTheCallbackHaveEverythingOnceAndThenNothingIsLeft() {
        withCallback();
        world.coordinator("c1", Map.of());
        assertThat(world.pull("billing", 10, 0, HOUR)).isEmpty();
        assertThat(world.pull("search", 10, 0, HOUR)).isEmpty();
        send(0, 3);

        assertThat(names(take("billing", USERS * 3))).hasSize(USERS * 3).containsExactlyInAnyOrderElementsOf(all(3));
        await().atMost(LONG).until(() -> backEnd.taken().size() >= USERS * 3);
        UplinkType waiting = orders();
        assertThat(waiting.getCallback()).isTrue();
        assertThat(waiting.getWaiting()).isEqualTo(USERS * 3);
        assertThat(standing("billing").getDepth()).isZero();
        assertThat(standing("search").getDepth()).isEqualTo(USERS * 3);

        List<PulledUplink> taken = take("search", USERS * 3);

        assertThat(standing("search").getConsumers()).isEqualTo(1);
        assertThat(names(taken)).hasSize(USERS * 3).containsExactlyInAnyOrderElementsOf(all(3));
        for (int user = 0; user < USERS; user++) {
            String name = "u" + user;
            assertThat(taken.stream()
                            .filter(uplink -> uplink.getUser().equals(name))
                            .map(PulledUplink::getUplinkId))
                    .containsExactly("i0", "i1", "i2");
        }
        assertThat(taken.getFirst().getText())
                .isEqualTo("says " + taken.getFirst().getUplinkId());
        await().until(() -> orders().getWaiting() == 0);
    }

    @Test
    void aGroupThatComesLateBeginsAtTheOldestKeptAndTwoConsumersShareIt() {
        world.coordinator("c1", Map.of());
        send(0, 3);

        List<PulledUplink> first = world.pull("late", 25, 0, HOUR);
        List<PulledUplink> second = world.pull("late", 1_000, 0, HOUR);

        assertThat(first).hasSize(25);
        assertThat(second).hasSize(USERS * 3 - 25);
        List<String> both = new ArrayList<>(names(first));
        both.addAll(names(second));
        assertThat(both).containsExactlyInAnyOrderElementsOf(all(3));
        assertThat(standing("late").getInFlight()).isEqualTo(USERS * 3);
        assertThat(standing("late").getOldestAgeMs()).isPositive();
    }

    @Test
    void whatADeadConsumerHadComesBackAndWhatIsGivenBackComesAtOnce() {
        world.coordinator("c1", Map.of());
        send(0, 1);
        List<PulledUplink> lost = world.pull("g", 1_000, 0, 1_000);
        assertThat(lost).hasSize(USERS);

        List<PulledUplink> again = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            again.addAll(world.pull("g", 1_000, 2_000, HOUR));
            return again.size() == USERS;
        });
        assertThat(world.settle("g", lost, false).getGoneCount()).isEqualTo(USERS);
        assertThat(world.settle("g", again, true).getSettled()).isEqualTo(USERS);

        assertThat(names(world.pull("g", 1_000, 0, HOUR))).containsExactlyInAnyOrderElementsOf(all(1));
    }

    @Test
    void aPullThatWaitsIsAnsweredWhenSomethingComes() {
        world.coordinator("c1", Map.of("coordinator.groups.look-every", "1h"));
        assertThat(world.pull("g", 10, 100, HOUR)).isEmpty(); // the wait ends before a look would be due
        CompletableFuture<List<PulledUplink>> waiting =
                CompletableFuture.supplyAsync(() -> world.pull("g", 10, 15_000, HOUR));
        world.sendUntilTaken("u0", "order", "i0");

        assertThat(names(waiting.join())).containsExactly("u0/i0");
    }

    @Test
    void coordinatorsThatComeAndGoLoseNothingAndTellTheCallbackNothingTwice() {
        withCallback();
        CoordinatorServer first = world.coordinator("c1", Map.of());
        assertThat(world.pull("g", 10, 0, HOUR)).isEmpty();
        send(0, 2);
        await().atMost(LONG).until(() -> backEnd.taken().size() >= USERS * 2);
        List<PulledUplink> held = world.pull("g", 10, 0, HOUR);
        world.coordinator("c2", Map.of());
        first.close();
        send(2, 3);

        List<PulledUplink> taken = new ArrayList<>(take("g", USERS * 3 - held.size()));
        assertThat(world.settle("g", held, false).getSettled()).isEqualTo(held.size());

        taken.addAll(held);
        assertThat(names(taken)).hasSize(USERS * 3).containsExactlyInAnyOrderElementsOf(all(3));
        await().atMost(LONG).until(() -> orders().getWaiting() == 0);
        assertThat(backEnd.taken()).hasSizeLessThan(USERS * 4); // or the second one would have told all again
    }

    @Test
    void aTypeOfWhichNothingIsLeftMakesRoomForAnother() {
        world.coordinator("c1", Map.of("coordinator.uplink.unclaimed-types", "1"));
        world.sendUntilTaken("u0", "order", "i0");
        assertThat(refusal(world.send("u0", "chat", "i1"))).isEqualTo(ErrorCode.QUEUE_FULL);
        take("g", 1);

        assertThat(world.drop("g")).isTrue();

        world.sendUntilTaken("u0", "chat", "i1");
        assertThat(world.types()).extracting(UplinkType::getType).containsExactly("chat");
    }

    @Test
    void whoPullsAndWaitsRightAfterItsGroupWasForgottenMakesItAnew() {
        world.coordinator("c1", Map.of("coordinator.groups.look-every", "1h"));
        assertThat(world.pull("g", 10, 100, HOUR)).isEmpty();
        assertThat(world.pull("g", 10, 100, HOUR)).isEmpty();
        assertThat(world.drop("g")).isTrue();

        assertThat(world.pull("g", 10, 100, HOUR)).isEmpty();

        assertThat(standing("g").getDepth()).isZero();
    }

    @Test
    void whoIsNotReadFillsTheStreamUntilTheGroupIsForgotten() {
        withCallback();
        world.coordinator("c1", Map.of("coordinator.outbox.waiting-per-endpoint", "2"));
        assertThat(world.pull("forgotten", 10, 0, HOUR)).isEmpty();
        IntStream.range(0, 2).forEach(i -> world.sendUntilTaken("u0", "order", "i" + i));
        await().atMost(LONG).until(() -> backEnd.taken().size() >= 2);
        assertThat(refusal(world.send("u0", "order", "i2"))).isEqualTo(ErrorCode.QUEUE_FULL);

        assertThat(world.drop("forgotten")).isTrue();
        assertThat(world.drop("forgotten")).isFalse();

        world.sendUntilTaken("u0", "order", "i2");
        await().atMost(LONG).until(() -> backEnd.takenOf("u0").contains("i2"));
    }
}
