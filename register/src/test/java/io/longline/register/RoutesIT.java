package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Wire;
import io.longline.register.testing.RegisterClient;
import io.longline.register.testing.RoomPeer;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.KnownDevice;
import io.longline.rpc.v1.SeenUser;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service Routes as rooms and centers meet it. */
class RoutesIT extends RegisterSetup {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    RoutesIT() {
        super(REDIS, ZOOKEEPER);
    }

    @Test
    void whoIsBoundIsFoundAndWhoLeftIsNot() {
        var place = room.freshPlace();
        long generation = client.bind(PHONE, place);

        assertThat(Wire.place(client.locate(PHONE).getOnline().getPlace())).isEqualTo(place);
        assertThat(client.locate(PHONE).getOnline().getGeneration()).isEqualTo(generation);

        assertThat(client.unbind(PHONE, generation)).isTrue();
        assertThat(client.locate(PHONE).hasOffline()).isTrue();
    }

    @Test
    void aDeviceIsJournaledBeforeItsFirstBindIsAnsweredAndBeforeItIsKnown() {
        List<Boolean> knownWhenNoted = new ArrayList<>();
        cluster.saver()
                .onNote(note -> knownWhenNoted.add(redis.routes(PHONE).isEmpty()
                        && redis.devices(PHONE).getOrDefault("phone", "").contains(" 0 ")));

        client.bind(PHONE, room.freshPlace());

        assertThat(cluster.saver().knows(PHONE)).isTrue();
        assertThat(knownWhenNoted).containsExactly(true);
        client.bind(PHONE, room.freshPlace());
        assertThat(knownWhenNoted).hasSize(1);
    }

    @Test
    void withoutJournalANewDeviceIsNotBoundAndAKnownOneIs() {
        Endpoint known = new Endpoint("demo", "u:1", "known");
        client.bind(known, room.freshPlace());
        cluster.saver().databaseDown(true);

        assertThatThrownBy(() -> client.bind(PHONE, room.freshPlace()))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(error.dependency()).contains("mysql");
                });
        assertThat(client.locate(PHONE).hasOffline()).isTrue();
        assertThat(client.devices("demo", "u:1"))
                .extracting(KnownDevice::getDevice)
                .containsExactly("known");
        assertThat(client.bind(known, room.freshPlace())).isPositive();

        cluster.saver().databaseDown(false);
        assertThat(client.bind(PHONE, room.freshPlace())).isPositive();
    }

    @Test
    void aForgottenDeviceIsForgottenByTheJournalToo() {
        long generation = client.bind(PHONE, room.freshPlace());

        assertThat(client.unbind(PHONE, generation, true)).isTrue();

        assertThat(cluster.saver().knows(PHONE)).isFalse();
        assertThat(client.devices("demo", "u:1")).isEmpty();
    }

    @Test
    void forgettingThatDidNotReachTheJournalIsMadeGoodByRepeatingIt() {
        long generation = client.bind(PHONE, room.freshPlace());
        cluster.saver().databaseDown(true);
        assertThatThrownBy(() -> client.unbind(PHONE, generation, true)).isInstanceOf(LonglineException.class);
        cluster.saver().databaseDown(false);

        assertThat(client.unbind(PHONE, generation, true)).isTrue();

        assertThat(cluster.saver().knows(PHONE)).isFalse();
    }

    @Test
    void aDeviceThatIsForgottenAndBoundAtTheSameTimeIsInTheJournalIfAndOnlyIfItIsKnown() {
        for (int round = 0; round < 50; round++) {
            long generation = client.bind(PHONE, room.freshPlace());
            CompletableFuture<BindReply> binding = client.bindLater(PHONE, room.freshPlace());
            client.unbind(PHONE, generation, true);
            binding.join();

            assertThat(client.devices("demo", "u:1")).hasSize(1);
            assertThat(cluster.saver().knows(PHONE)).isTrue();
        }
    }

    @Test
    void ofManyBindsAtOnceOverTwoRegistersTheNewestWinsAndEachLoserIsToldOnce() {
        cluster.register("register-2");
        RegisterClient other = cluster.client("register-2");
        for (int round = 0; round < 20; round++) {
            Endpoint endpoint = new Endpoint("demo", "user-" + round, "phone");
            List<CompletableFuture<BindReply>> binds = IntStream.range(0, 4)
                    .mapToObj(i -> (i % 2 == 0 ? client : other).bindLater(endpoint, room.freshPlace()))
                    .toList();
            List<Long> generations = binds.stream()
                    .map(bind -> bind.join().getGeneration())
                    .sorted()
                    .toList();

            assertThat(generations).doesNotHaveDuplicates();
            assertThat(client.locate(endpoint).getOnline().getGeneration()).isEqualTo(generations.getLast());
            assertThat(redis.events(endpoint).stream()
                            .filter(event -> endpoint.user().equals(event.get("user")))
                            .map(event -> Long.parseLong(event.get("generation"))))
                    .containsExactlyElementsOf(generations.subList(0, 3));
        }
    }

    @Test
    void aLateUnbindOfTheOlderSessionChangesNothing() {
        long older = client.bind(PHONE, room.freshPlace());
        long newer = client.bind(PHONE, room.freshPlace());

        assertThat(client.unbind(PHONE, older)).isFalse();
        assertThat(client.locate(PHONE).getOnline().getGeneration()).isEqualTo(newer);
    }

    @Test
    void aSessionBoundAnewAfterItsRoomWasAwayIsToldThatItIsOvertaken() {
        long older = client.bind(PHONE, room.freshPlace());
        long newer = client.bind(PHONE, room.freshPlace());
        BindRequest anew = RegisterClient.bindRequest(PHONE, room.freshPlace()).toBuilder()
                .setPreviousGeneration(older)
                .build();

        BindReply reply = client.peer().await(RegisterClient.BIND, anew, Deadline.after(Duration.ofSeconds(30)));

        assertThat(reply.getGeneration()).isZero();
        assertThat(reply.getOvertakenBy()).isEqualTo(newer);
    }

    @Test
    void aDeviceTooManyIsRefusedWithATimeToTryAgainAndNotJournaled() {
        cluster.product(Product.create("strict", Durability.REDIS)
                .with("second_device", new SecondDevice(SecondDevice.Policy.REFUSE, 1)));
        client.bind(new Endpoint("strict", "u:1", "phone"), room.freshPlace());
        AtomicInteger others = new AtomicInteger(); // the first may get in, before register has heard of the product

        await().untilAsserted(() -> {
            Endpoint other = new Endpoint("strict", "u:1", "other-" + others.incrementAndGet());
            assertThatThrownBy(() -> client.bind(other, room.freshPlace())).satisfies(error -> {
                LonglineException refused = ErrorTranslator.fromAny(error);
                assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
                assertThat(refused.retryAfter()).contains(Duration.ofSeconds(10));
            });
            assertThat(cluster.saver().knows(other)).isFalse();
        });
    }

    @Test
    void oneWrongRequestOfABatchFailsAlone() {
        BindRequest wrong = RegisterClient.bindRequest(new Endpoint("demo", "a b", "phone"), room.freshPlace());
        var failing = client.peer().call(RegisterClient.BIND, wrong, Deadline.after(Duration.ofSeconds(30)));
        var passing = client.bindLater(PHONE, room.freshPlace());

        assertThat(passing.join().getGeneration()).isPositive();
        assertThatThrownBy(failing::join)
                .satisfies(error ->
                        assertThat(ErrorTranslator.fromAny(error).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void devicesOfAUserAreListedTheLatestFirst() {
        Endpoint tablet = new Endpoint("demo", "u:1", "tablet");
        client.unbind(PHONE, client.bind(PHONE, room.freshPlace()));
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            client.bind(tablet, room.freshPlace());
            return client.devices("demo", "u:1").getFirst().getDevice().equals("tablet");
        });

        assertThat(client.devices("demo", "u:1"))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.getDevice()).isEqualTo("tablet");
                            assertThat(first.hasRoute()).isTrue();
                            assertThat(first.getNetwork()).isEqualTo("4g");
                        },
                        second -> {
                            assertThat(second.getDevice()).isEqualTo("phone");
                            assertThat(second.hasRoute()).isFalse();
                        });
        assertThat(client.devices("demo", "nobody")).isEmpty();
    }

    @Test
    void whoIsOnlineIsToldOfUsersOfAllShardsInTheOrderTheyWereAsked() {
        List<String> users = IntStream.range(0, 500).mapToObj(i -> "many-" + i).toList();
        List<Endpoint> some = IntStream.range(0, 10)
                .mapToObj(i -> new Endpoint("demo", users.get(i * 50), "phone"))
                .toList();
        some.forEach(each -> client.bind(each, room.freshPlace()));
        client.unbind(some.get(1), client.bind(some.get(1), room.freshPlace()));

        List<SeenUser> seen = client.seen("demo", users);

        assertThat(IntStream.range(0, 500).filter(i -> seen.get(i).getOnline()))
                .containsExactly(0, 100, 150, 200, 250, 300, 350, 400, 450);
        assertThat(IntStream.range(0, 500).filter(i -> seen.get(i).getLastSeenMs() > 0))
                .hasSize(10)
                .contains(50);
        assertThat(client.seen("other", users)).noneMatch(SeenUser::getOnline);
        assertThat(client.seen("demo", List.of())).isEmpty();
    }

    @Test
    void tooManyUsersAndWrongOnesAreRefusedByName() {
        assertThatThrownBy(() -> client.seen("demo", Collections.nCopies(501, "u")))
                .satisfies(error -> assertThat(ErrorTranslator.fromAny(error))
                        .hasMessageContaining("users")
                        .extracting(LonglineException::code)
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> client.seen("demo", List.of("u", "no id")))
                .satisfies(error -> assertThat(ErrorTranslator.fromAny(error)).hasMessageContaining("users[1]"));
    }

    @Test
    void whileRedisIsAwayBindsFailAsRetryableAndGoOnAfterwards() {
        client.bind(PHONE, room.freshPlace());
        REDIS.store().stop();
        try {
            assertThatThrownBy(() -> client.bind(PHONE, room.freshPlace())).satisfies(error -> {
                LonglineException known = ErrorTranslator.fromAny(error);
                assertThat(known.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                assertThat(known.dependency()).contains("redis");
                assertThat(known.code().retryable()).isTrue();
            });
        } finally {
            REDIS.store().start();
        }
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(20))
                .until(() -> client.bind(PHONE, room.freshPlace()) > 0);
    }

    @Test
    void aBindThatWaitsForALostShardHoldsNoNeighbourOfItsBatch() {
        List<Endpoint> others = IntStream.range(0, 100)
                .mapToObj(i -> new Endpoint("demo", "other-" + i, "phone"))
                .filter(other ->
                        !redis.keys(other).mark().equals(redis.keys(PHONE).mark()))
                .toList();
        client.bind(PHONE, room.freshPlace());
        others.forEach(other -> client.bind(other, room.freshPlace())); // All shards are whole.
        RoomPeer silent = cluster.silentRoom("room-2"); // Nobody knows whom it has, so this one stays lost.
        redis.lose(PHONE);
        List<CompletableFuture<BindReply>> waiting = new ArrayList<>();
        List<CompletableFuture<BindReply>> bound = new ArrayList<>();
        for (Endpoint other : others) {
            waiting.add(client.bindLater(PHONE, room.freshPlace()));
            bound.add(client.bindLater(other, room.freshPlace()));
        }

        bound.forEach(one -> assertThat(one.join().getGeneration()).isPositive());
        assertThat(waiting).allSatisfy(one -> assertThat(one).isNotDone());

        silent.listen();
        await().until(() -> waiting.stream().allMatch(CompletableFuture::isDone));
    }
}
