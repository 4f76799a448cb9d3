package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.coordinator.CoordinatorServer;
import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.UplinkLimits;
import io.longline.rpc.v1.BringReply;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole coordinators on a real Redis and ZooKeeper, with back ends that are well and otherwise. */
@Timeout(120)
class UplinkFlowIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final UplinkLimits UNLIMITED = new UplinkLimits(0, 0);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final BackEnd backEnd = new BackEnd();
    private final BackEnd other = new BackEnd();
    private final UplinkWorld world = new UplinkWorld(REDIS.uri(), ZOOKEEPER.uri());

    @BeforeEach
    void start() {
        callbacks(UNLIMITED, 10_000);
    }

    @AfterEach
    void stop() {
        world.close();
        backEnd.close();
        other.close();
    }

    private void callbacks(UplinkLimits limits, int timeoutMs) {
        Callback orders = UplinkWorld.callback("order", backEnd.url(), timeoutMs);
        world.callbacks(limits, orders, UplinkWorld.callback("chat", other.url(), timeoutMs));
    }

    /** Of each user so many, each after the former was taken. */
    private void send(int users, int from, int to) {
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            String name = "u" + user;
            senders.add(CompletableFuture.runAsync(
                    () -> IntStream.range(from, to).forEach(i -> world.sendUntilTaken(name, "order", "i" + i)),
                    task -> Thread.startVirtualThread(task)));
        }
        senders.forEach(CompletableFuture::join);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "i" + i).toList();
    }

    private void awaitAll(int users, int count) {
        for (int user = 0; user < users; user++) {
            String name = "u" + user;
            await().atMost(LONG).until(() -> backEnd.takenOf(name).size() >= count);
            assertThat(backEnd.takenOf(name)).isEqualTo(ids(count));
        }
    }

    private static ErrorCode refusal(CompletableFuture<BringReply> answer) {
        try {
            answer.join();
            throw new AssertionError("was taken");
        } catch (CompletionException e) {
            return ErrorTranslator.fromAny(e).code();
        }
    }

    @Test
    void anUplinkReachesItsCallbackOnceWithAllThatItSays() {
        world.coordinator("c1", Map.of());
        world.sendUntilTaken("u0", "order", "i0");
        assertThat(world.send("u0", "order", "i0").join().getRepeated()).isTrue();
        world.sendUntilTaken("u0", "chat", "hello");

        await().until(() -> backEnd.taken().size() == 1 && other.taken().size() == 1);
        JsonNode event = backEnd.taken().getFirst();
        assertThat(event.path("type").asText()).isEqualTo("uplink.order");
        assertThat(event.path("product").asText()).isEqualTo(world.product);
        assertThat(event.path("user").asText()).isEqualTo("u0");
        assertThat(event.path("device").asText()).isEqualTo("phone");
        assertThat(event.path("generation").asLong()).isEqualTo(41);
        assertThat(event.path("uplink_id").asText()).isEqualTo("i0");
        assertThat(event.path("text").asText()).isEqualTo("says i0");
        assertThat(event.path("seq").asLong() / 1024)
                .isEqualTo(event.path("ts_ms").asLong());
        assertThat(event.path("id").asText())
                .startsWith("uplink.order.")
                .endsWith("." + event.path("seq").asText());
        assertThat(backEnd.requests().getFirst().headers().get("longline-signature"))
                .matches("t=\\d+,v1=[0-9a-f]{64}");
        send(1, 1, 2); // whatever comes later comes after it
        awaitAll(1, 2);
        assertThat(backEnd.taken()).hasSize(2);
    }

    @Test
    void whatWaitedComesInBatchesOfAHundredAtMostInOrderForEachEndpoint() {
        backEnd.goDown();
        world.coordinator("c1", Map.of("coordinator.outbox.waiting-per-endpoint", "1000"));
        send(3, 0, 150);
        backEnd.comeBack();

        awaitAll(3, 150);
        assertThat(backEnd.requests())
                .allSatisfy(request -> assertThat(request.events()).hasSizeBetween(1, 100));
        assertThat(backEnd.requests())
                .anySatisfy(request -> assertThat(request.events()).hasSize(100));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"FAILS", "HANGS", "TRICKLES", "CLOSES_AFTER_READING", "SPEAKS_OTHERWISE", "REDIRECTS"})
    void aBackEndThatIsNotWellForAWhileHasEverythingInOrderAfterwardsAndDelaysNoOther(Mood mood) {
        callbacks(UNLIMITED, 500);
        backEnd.is(mood);
        world.coordinator("c1", Map.of());
        send(20, 0, 5);
        await().until(() -> !backEnd.requests().isEmpty());

        world.sendUntilTaken("u0", "chat", "hello");

        await().until(() -> other.takenOf("u0").equals(List.of("hello")));
        assertThat(backEnd.taken()).isEmpty();
        backEnd.is(Mood.WELL);
        send(20, 5, 8);
        awaitAll(20, 8);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"SAYS_GARBAGE", "SAYS_TOO_MUCH"})
    void whoTakesItAndTalksNonsenseIsSentItOnce(Mood mood) {
        backEnd.is(mood);
        world.coordinator("c1", Map.of());

        send(5, 0, 5);

        awaitAll(5, 5);
        backEnd.is(Mood.WELL);
        send(5, 5, 6);
        awaitAll(5, 6);
        assertThat(backEnd.taken()).hasSize(30);
    }

    @Test
    void anEndpointWhoseUplinkIsRefusedWaitsAndOthersGoOn() {
        backEnd.is(request -> request.events().stream()
                        .anyMatch(event -> event.path("user").asText().equals("u0")
                                && event.path("uplink_id").asText().equals("i1"))
                ? Mood.FORBIDS
                : Mood.WELL);
        world.coordinator("c1", Map.of());
        send(1, 0, 3);
        send(10, 3, 6);
        for (int user = 1; user < 10; user++) {
            String name = "u" + user;
            await().atMost(LONG).until(() -> backEnd.takenOf(name).equals(List.of("i3", "i4", "i5")));
        }
        assertThat(backEnd.takenOf("u0")).isIn(List.of(), List.of("i0"));

        backEnd.is(_ -> Mood.WELL);

        await().atMost(LONG).until(() -> backEnd.takenOf("u0").equals(ids(6)));
    }

    @Test
    void whatNobodyTakesYetIsKeptAndGoesToTheCallbackThatIsSetLater() {
        world.coordinator("c1", Map.of("coordinator.uplink.unclaimed-types", "1"));
        world.sendUntilTaken("u0", "parade", "i0");

        assertThat(refusal(world.send("u0", "invented", "i1"))).isEqualTo(ErrorCode.QUEUE_FULL);

        world.callbacks(UNLIMITED, UplinkWorld.callback("parade", other.url(), 10_000));
        await().atMost(LONG).until(() -> other.takenOf("u0").equals(List.of("i0")));
    }

    @Test
    void aProductIsHeldToItsRate() {
        callbacks(new UplinkLimits(0, 5), 10_000);
        world.coordinator("c1", Map.of());
        // The coordinator may not have heard of the limit, and all of it may be free again in between.
        await().atMost(LONG).untilAsserted(() -> {
            List<CompletableFuture<BringReply>> answers = IntStream.range(0, 50)
                    .mapToObj(i -> world.send("u" + i, "order", "x" + System.nanoTime()))
                    .toList();
            assertThatThrownBy(() -> answers.forEach(CompletableFuture::join))
                    .hasCauseInstanceOf(LonglineException.class)
                    .satisfies(e -> assertThat((LonglineException) e.getCause()).satisfies(error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.PRODUCT_RATE_EXCEEDED);
                        assertThat(error.retryAfter()).isPresent();
                    }));
        });
    }

    @Test
    void asManyOfAnEndpointWaitAsMayAndTheClientIsToldToComeAgain() {
        backEnd.goDown();
        world.coordinator("c1", Map.of("coordinator.outbox.waiting-per-endpoint", "3"));
        send(1, 0, 3);

        assertThat(refusal(world.send("u0", "order", "i3"))).isEqualTo(ErrorCode.QUEUE_FULL);

        backEnd.comeBack();
        send(1, 3, 10);
        awaitAll(1, 10);
    }

    @Test
    void aCallbackThatIsSetLaterGetsWhatWaits() {
        backEnd.goDown();
        world.coordinator("c1", Map.of());
        send(5, 0, 3);
        world.callbacks(UNLIMITED);
        world.callbacks(UNLIMITED, UplinkWorld.callback("order", other.url(), 10_000));

        for (int user = 0; user < 5; user++) {
            String name = "u" + user;
            await().atMost(LONG).until(() -> other.takenOf(name).equals(ids(3)));
        }
        backEnd.comeBack();
    }

    @Test
    void coordinatorsThatComeAndGoLoseNothingAndKeepTheOrder() {
        CoordinatorServer first = world.coordinator("c1", Map.of());
        send(30, 0, 5);
        CoordinatorServer second = world.coordinator("c2", Map.of());
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> send(30, 5, 60));
        await().until(() -> backEnd.taken().size() > 450);
        first.close();
        await().until(() -> backEnd.taken().size() > 900);
        world.coordinator("c3", Map.of());
        second.close();

        sender.join();
        awaitAll(30, 60);
    }

    @Test
    void whileRedisIsAwayNothingIsTakenAndAfterwardsAllGoesOn() {
        world.coordinator("c1", Map.of("redis.timeout", "1s"));
        send(10, 0, 3);
        awaitAll(10, 3);
        REDIS.store().stop();
        try {
            assertThat(refusal(world.send("u0", "order", "lost"))).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        } finally {
            REDIS.store().start();
        }

        send(10, 3, 6);
        awaitAll(10, 6);
    }
}
