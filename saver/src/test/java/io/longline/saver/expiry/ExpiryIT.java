package io.longline.saver.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Savers that tell what expired, side by side. */
@Timeout(300)
final class ExpiryIT {
    private static final int MANY = Boolean.getBoolean("longline.test.long") ? 100_000 : 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final QueuedPool slow = new QueuedPool("expiry", 2, 100, Duration.ofSeconds(30), new SimpleMeterRegistry());
    private final List<Expiry> savers = new ArrayList<>();
    private Shard shard;

    @BeforeEach
    void connect() {
        shard = new Shard(redis.uri());
        shard.loseEverything();
        shard.mark();
    }

    @AfterEach
    void disconnect() {
        savers.forEach(Expiry::close);
        slow.close();
        shard.close();
    }

    private Expiry saver(String name, Expiry.Look look) {
        Expiry saver = new Expiry(new RedisExpiry(shard.redis), shard.told.events(), look, slow, name);
        savers.add(saver);
        return saver;
    }

    /** Nothing of it is in MySQL alone. */
    private static Expiry.Look here(BiPredicate<Endpoint, Deadline> look) {
        return new Expiry.Look(look, (endpoint, deadline) -> {
            throw new AssertionError(endpoint.text() + " is here");
        });
    }

    private boolean drop(Endpoint endpoint) {
        shard.pendingAny(endpoint);
        return true;
    }

    private static List<Node> nodes(String... names) {
        return Stream.of(names)
                .map(name ->
                        new Node("saver", name, 1, "10.0.0.1:7", "", "", List.of(), NodeState.READY, "", 100, 0, 0))
                .toList();
    }

    private Endpoint expired() {
        Endpoint endpoint = Shard.someoneTold("phone");
        shard.storeAny(endpoint, "m1", System.currentTimeMillis() - 60_000);
        return endpoint;
    }

    private static Endpoint[] elsewhere(Endpoint than, int number) {
        return Stream.generate(() -> Shard.someoneTold("phone"))
                .filter(one -> one.shard() != than.shard())
                .limit(number)
                .toArray(Endpoint[]::new);
    }

    @Test
    void whatExpiresAtOnceIsToldOnceByAllSaversTogether() {
        Set<Endpoint> all = new HashSet<>(
                IntStream.range(0, MANY).parallel().mapToObj(i -> expired()).toList());
        Queue<Endpoint> first = new ConcurrentLinkedQueue<>();
        Queue<Endpoint> second = new ConcurrentLinkedQueue<>();
        Expiry one = saver("saver-1", here((endpoint, deadline) -> first.add(endpoint) && drop(endpoint)));
        Expiry other = saver("saver-2", here((endpoint, deadline) -> second.add(endpoint) && drop(endpoint)));
        Stream.of(one, other).forEach(saver -> saver.members(nodes("saver-1", "saver-2")));
        Stream.of(one, other).forEach(Expiry::start);

        await().atMost(PATIENCE).until(() -> first.size() + second.size() >= MANY);

        assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
        assertThat(second).isNotEmpty();
        assertThat(Stream.concat(first.stream(), second.stream())).containsExactlyInAnyOrderElementsOf(all);
        await().atMost(PATIENCE).until(() -> all.stream().allMatch(endpoint -> shard.expiring(endpoint) == 0));
        assertThat(all.stream().limit(100))
                .allSatisfy(endpoint -> assertThat(shard.toldBriefly(endpoint)).containsExactly("message.expired m1"));
    }

    @Test
    void aShardThatIsSlowHoldsUpNoOther() throws InterruptedException {
        Endpoint stuck = expired();
        Endpoint[] others = elsewhere(stuck, 50);
        Stream.of(others).forEach(other -> shard.storeAny(other, "m1", System.currentTimeMillis() - 60_000));
        CountDownLatch goOn = new CountDownLatch(1);
        Queue<Endpoint> looked = new ConcurrentLinkedQueue<>();
        Expiry saver = saver("saver-1", here((endpoint, deadline) -> {
            if (endpoint.equals(stuck)) {
                awaitUninterrupted(goOn);
            }
            looked.add(endpoint);
            return drop(endpoint);
        }));
        saver.members(nodes("saver-1"));
        saver.start();

        await().atMost(PATIENCE).until(() -> looked.size() == others.length);
        assertThat(looked).containsExactlyInAnyOrder(others);

        goOn.countDown();
        await().atMost(PATIENCE).until(() -> looked.contains(stuck));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsInMysqlAloneIsLookedAtBesideTheRestAndWhatFailsIsLeftForLater() {
        Endpoint away = expired();
        Endpoint failing = expired();
        Endpoint phone = expired();
        Queue<Endpoint> whole = new ConcurrentLinkedQueue<>();
        Expiry saver = saver(
                "saver-1",
                new Expiry.Look(
                        (endpoint, deadline) -> {
                            if (endpoint.equals(failing)) {
                                throw LonglineException.dependencyDown("redis", "away", null);
                            }
                            return !endpoint.equals(away) && drop(endpoint);
                        },
                        (endpoint, deadline) -> {
                            drop(endpoint);
                            whole.add(endpoint);
                        }));
        saver.members(nodes("saver-1"));
        saver.start();

        await().atMost(PATIENCE).until(() -> shard.expiring(away) == 0 && shard.expiring(phone) == 0);

        assertThat(whole).containsExactly(away);
        assertThat(shard.toldBriefly(phone)).containsExactly("message.expired m1");
        assertThat(shard.toldBriefly(failing)).isEmpty();
        assertThat(shard.expiring(failing)).isGreaterThan(System.currentTimeMillis());
    }

    @Test
    void whatAnotherSaverShouldHaveLookedAtLongAgoIsLookedAtByThisOne() {
        Endpoint late = expired();
        Queue<Endpoint> looked = new ConcurrentLinkedQueue<>();
        Expiry saver = saver("saver-1", here((endpoint, deadline) -> looked.add(endpoint) && drop(endpoint)));
        saver.members(nodes("saver-2"));
        saver.start();

        await().atMost(PATIENCE).until(() -> shard.expiring(late) == 0);

        assertThat(looked).containsExactly(late);
    }
}
