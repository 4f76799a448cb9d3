package io.longline.register.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.shard.Shards;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.EndedSession;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.endpoint.Follows;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.LiveSession;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.follow.FollowConfig;
import io.longline.register.follow.FollowsOutcome;
import io.longline.register.follow.RedisFollowIndex;
import io.longline.register.route.BindOutcome;
import io.longline.register.route.BindOutcome.Bound;
import io.longline.register.route.BindOutcome.NotJournaled;
import io.longline.register.route.Binding;
import io.longline.register.route.KnownDevice;
import io.longline.register.route.RedisRouteIndex;
import io.longline.register.route.UnbindOutcome;
import io.longline.register.route.Whereabouts;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code claim.lua}, {@code restore_devices.lua}, {@code restore_follows.lua}, {@code restore_routes.lua} and {@code finish.lua}. */
class RebuildScriptsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u:1", "phone");
    private static final int SHARD = Shards.of("demo", "u:1");
    private static final Incarnation ROOM = new Incarnation("room-1", 1000);
    private static final Incarnation OTHER_ROOM = new Incarnation("room-2", 2000);
    private static final Endpoint USER = new Endpoint("demo", "u:1", "");
    private static final long FENCING = 5;

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 100, () -> {});
    private final RedisFollowIndex follows = new RedisFollowIndex(redis.store(), new FollowConfig(200), 100, () -> {});
    private final RedisRebuildStore store =
            new RedisRebuildStore(redis.store(), 100, new RegisterMetrics(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void inAnEmptyRedisEveryShardIsLost() {
        assertThat(store.lost()).hasSize(Shards.COUNT);
    }

    @Test
    void onlyLostShardsAreClaimed() {
        redis.allWhole();
        redis.lose(PHONE);

        assertThat(store.lost()).containsExactly(SHARD);
        assertThat(store.claim(Set.of(SHARD, (SHARD + 1) % Shards.COUNT), FENCING))
                .containsExactly(SHARD);
    }

    @Test
    void aFinishedShardIsWhole() {
        claim();

        store.finish(Set.of(SHARD), FENCING);

        assertThat(store.lost()).doesNotContain(SHARD);
        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Offline());
    }

    @Test
    void aClaimedShardIsStillLostForAllOthers() {
        claim();

        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Unknown());
    }

    @Test
    void theLaterLeaseTakesTheClaimAndTheFormerOneRestoresNothingMore() {
        claim();
        assertThat(store.claim(Set.of(SHARD), FENCING + 1)).containsExactly(SHARD);
        assertThat(store.claim(Set.of(SHARD), FENCING)).isEmpty();

        assertLost(() -> store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING));
        assertLost(() -> store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING));
        assertLost(() -> store.finish(Set.of(SHARD), FENCING));
        store.finish(Set.of(SHARD), FENCING + 1);
    }

    @Test
    void aShardThatIsEmptiedDuringTheRebuildIsNotMarkedWhole() {
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);
        redis.raw().flushall();

        assertLost(() -> store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING));
        assertLost(() -> store.finish(Set.of(SHARD), FENCING));
    }

    @Test
    void journaledDevicesAreKnownAgain() {
        claim();
        store.restoreDevices(
                SHARD,
                List.of(new JournaledDevice(PHONE, 7, false), new JournaledDevice(device("tablet"), 8, false)),
                FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(redis.await(index.devices("demo", "u:1")).devices())
                .extracting(KnownDevice::device)
                .containsExactlyInAnyOrder("tablet", "phone");
    }

    @Test
    void aDeviceThatRedisStillKnowsIsLeftAsItIs() {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u:1"), "phone", "900 90 1 6 wifi");
        claim();

        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);

        assertThat(redis.devices(PHONE)).containsEntry("phone", "900 90 1 6 wifi");
    }

    @Test
    void ofADeviceOfAnEarlierReleaseTheJournalKnowsWhenItWasBorn() {
        redis.raw()
                .hset(
                        redis.keys(PHONE).devices("demo", "u:1"),
                        Map.of("phone", "900 90 1 4g of a train", "tablet", "900 90 1 0 "));
        claim();

        store.restoreDevices(
                SHARD,
                List.of(new JournaledDevice(PHONE, 7, false), new JournaledDevice(device("tablet"), 8, false)),
                FENCING);

        assertThat(redis.devices(PHONE))
                .containsOnly(Map.entry("phone", "900 90 1 7 4g of a train"), Map.entry("tablet", "900 90 1 8 "));
    }

    @Test
    void aDeviceWasBornWhenTheJournalWasToldOfItAlsoWhereItsSessionsAreNewer() {
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);
        assertThat(born(PHONE)).isEqualTo(7);

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90)), FENCING);
        assertThat(born(PHONE)).isEqualTo(7);
        assertThat(redis.devices(PHONE))
                .hasEntrySatisfying("phone", entry -> assertThat(entry).endsWith(" 90 1 7 wifi"));
    }

    @Test
    void aDeviceThatOnlyItsRoomsKnowWasBornWithTheFirstSessionThatTheyTell() {
        claim();
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u:1"), "tablet", "900 150 2 ");
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90), session(OTHER_ROOM, 2, 95)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(device("tablet"), ROOM, 3, 160)), FENCING);

        assertThat(born(PHONE)).isEqualTo(90);
        assertThat(born(device("tablet"))).isEqualTo(160);
    }

    private Follows known(Endpoint endpoint) {
        return ((FollowsOutcome.Known) redis.await(follows.follows(endpoint, true))).follows();
    }

    private long born(Endpoint endpoint) {
        redis.allWhole();
        long born = known(endpoint).born();
        redis.lose(endpoint);
        claim();
        return born;
    }

    @Test
    void aDeviceOnItsWayToTheJournalWhenRedisWasLostIsKnownIfItArrivedThere() {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u:1"), "phone", "900 7 0 wifi");
        claim();

        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);

        assertThat(redis.devices(PHONE).get("phone")).endsWith(" 6 1 7 ");
    }

    @Test
    void whoseDeviceWasForgottenAndBoundAnewDoesNotForgetItOnceMoreInARedisThatWasRolledBack() {
        rolledBackTo(90);
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 100, false)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(redis.await(index.unbind(PHONE, 90, true))).isInstanceOf(UnbindOutcome.NotOwner.class);
        assertThat(redis.devices(PHONE).get("phone")).endsWith(" 99 1 100 ");
        assertThat(redis.routes(PHONE)).isEmpty();

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90), session(OTHER_ROOM, 1, 101)), FENCING);
        assertThat(generationOfRoute()).isEqualTo(101);
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event -> assertThat(event).containsEntry("generation", "90"));
    }

    /** An older Redis, in which the phone has a session of this generation. */
    private void rolledBackTo(long generation) {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u:1"), "phone", "900 " + generation + " 1 wifi");
        redis.raw()
                .hset(
                        redis.keys(PHONE).routes("demo", "u:1"),
                        "phone",
                        ROOM.room() + " " + ROOM.number() + " 0 1 1 " + generation + " 900");
        redis.raw().sadd(redis.keys(PHONE).index(ROOM), "demo/u:1/phone");
        redis.raw().zadd(redis.keys(PHONE).online("demo"), 0, "u:1");
    }

    @Test
    void aDeviceThatWasForgottenDoesNotComeBackWithARedisThatWasRolledBack() {
        rolledBackTo(90);
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 150, true)), FENCING);

        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).isEmpty();
    }

    @Test
    void norWithItsSessionWhichDidNotHearOfIt() {
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 150, true)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event ->
                        assertThat(event).containsEntry("generation", "90").containsEntry("type", "forgotten"));
        assertThat(redis.await(index.bind(
                        new Binding(PHONE, new Place(ROOM, 0, 1, 1), "wifi", 90, 0, SecondDevice.DEFAULT), 0)))
                .isInstanceOfSatisfying(
                        BindOutcome.Forgotten.class,
                        forgotten -> assertThat(forgotten.generation()).isEqualTo(150));
    }

    @Test
    void aSessionThatWasKickedBeforeTheLossIsToldSoAndGetsNoRoute() {
        String kicks = redis.keys(PHONE).kicks("demo", "u:1");
        redis.raw().hset(kicks, "", "0 95 signed  out");
        claim();
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90), session(OTHER_ROOM, 1, 101)), FENCING);
        assertThat(generationOfRoute()).isEqualTo(101);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 90)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(generationOfRoute()).isEqualTo(101);
        assertThat(redis.events(PHONE))
                .extracting(
                        event -> event.get("type"),
                        event -> event.get("reason"),
                        event -> event.get("generation"),
                        event -> event.get("new_generation"))
                .containsExactly(
                        tuple("forgotten", "signed  out", "90", "95"), tuple("forgotten", "signed  out", "90", "101"));
    }

    @Test
    void aDeviceThatIsNewerThanItsForgettingStays() {
        rolledBackTo(190);
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 150, true)), FENCING);

        assertThat(redis.devices(PHONE)).containsEntry("phone", "900 190 1 wifi");
        assertThat(generationOfRoute()).isEqualTo(190);
    }

    @Test
    void aDeviceCountsAsSeenWhenItIsRestored() {
        long before = System.currentTimeMillis();
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(redis.await(index.devices("demo", "u:1")).devices())
                .singleElement()
                .satisfies(device -> assertThat(device.lastSeenMs()).isGreaterThanOrEqualTo(before));
    }

    @Test
    void theFirstSessionEverOfADeviceGetsItsRouteBack() {
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 7, false)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(generationOfRoute()).isEqualTo(7);
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).containsExactly("u:1");
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).containsExactly("demo/u:1/phone");
        assertThat(redis.raw().smembers(redis.keys(PHONE).rooms())).containsExactly(ROOM.toString());
    }

    @Test
    void ofTwoSessionsTheNewerGetsTheRouteAndTheOlderIsToldInWhicheverOrderTheyCome() {
        claim();
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7), session(OTHER_ROOM, 1, 8)), FENCING);
        Endpoint tablet = device("tablet");
        store.restoreRoutes(SHARD, List.of(session(tablet, OTHER_ROOM, 2, 18), session(tablet, ROOM, 2, 17)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(redis.routes(PHONE).get("phone")).startsWith("room-2 2000 0 1 1 8 ");
        assertThat(redis.routes(PHONE).get("tablet")).startsWith("room-2 2000 0 2 1 18 ");
        assertThat(redis.events(PHONE))
                .extracting(event -> event.get("device"), event -> event.get("room"), event -> event.get("generation"))
                .containsExactly(tuple("phone", "room-1", "7"), tuple("tablet", "room-1", "17"));
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
    }

    @Test
    void aSessionThatWasBoundAnewIsRestoredWhereItIsNowAndStaysThere() {
        Incarnation next = new Incarnation(ROOM.room(), ROOM.number() + 5);
        claim();
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(next, 1, 7)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);

        assertThat(redis.routes(PHONE).get("phone")).startsWith(next.room() + " " + next.number() + " ");
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(next))).containsExactly("demo/u:1/phone");
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void aNewerRouteIsNeverOverwritten() {
        Place place = new Place(OTHER_ROOM, 0, 9, 1);
        redis.allWhole();
        long generation = bound(place);
        redis.lose(PHONE);
        claim();

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, generation - 1)), FENCING);

        assertThat(generationOfRoute()).isEqualTo(generation);
    }

    @Test
    void aSessionThatWasUnboundIsNotBroughtBackByALateAnswer() {
        redis.allWhole();
        long generation = bound(new Place(ROOM, 0, 1, 1));
        redis.await(index.unbind(PHONE, generation, false));

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, generation)), FENCING);

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void sessionsAreRestoredHoweverManyDevicesTheProductLetsInAndCountFromThenOn() {
        SecondDevice one = new SecondDevice(SecondDevice.Policy.REFUSE, 1);
        claim();
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7), session(device("tablet"), OTHER_ROOM, 2, 8)), FENCING);
        redis.allWhole();

        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone", "tablet");
        assertThat(redis.events(PHONE)).isEmpty();
        Endpoint watch = device("watch");
        assertThat(redis.await(index.bind(new Binding(watch, new Place(ROOM, 0, 3, 1), "wifi", 0, 0, one), 0)))
                .isInstanceOf(BindOutcome.Refused.class);
    }

    @Test
    void aSessionThatMadeWayForAnotherDeviceIsToldSoAgainAndNotRestored() {
        SecondDevice one = new SecondDevice(SecondDevice.Policy.REPLACE, 1);
        redis.allWhole();
        long older = bound(new Place(ROOM, 0, 1, 1));
        Binding tablet = new Binding(device("tablet"), new Place(OTHER_ROOM, 0, 9, 1), "wifi", 0, 0, one);
        NotJournaled noted = (NotJournaled) redis.await(index.bind(tablet, 0));
        assertThat(redis.await(index.bind(tablet, noted.generation()))).isInstanceOf(Bound.class);

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, older)), FENCING);

        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet");
        assertThat(redis.events(PHONE)).extracting("device").containsExactly("phone", "phone");
    }

    @Test
    void aDeadIncarnationGetsNothingBack() {
        claim();
        redis.raw().zadd(redis.keys(PHONE).dead(), 1, ROOM.toString());

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);

        assertThat(redis.routes(PHONE)).isEmpty();
    }

    @Test
    void promise05WhoHadItBeforeASessionThatEndedDoesNotHaveItAgainInWhicheverOrderTheyAreTold() {
        Endpoint tablet = device("tablet");
        claim();
        store.restoreDevices(
                SHARD, List.of(new JournaledDevice(PHONE, 5, false), new JournaledDevice(tablet, 5, false)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);
        store.restoreRoutes(SHARD, List.of(new EndedSession(PHONE, 8), new EndedSession(tablet, 18)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(tablet, ROOM, 2, 17)), FENCING);

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).isEmpty();
        assertThat(redis.devices(PHONE)).containsEntry("phone", "1786000000000 8 1 5 wifi");
        assertThat(redis.events(PHONE))
                .extracting(
                        event -> event.get("type"),
                        event -> event.get("device"),
                        event -> event.get("generation"),
                        event -> event.get("new_generation"))
                .containsExactly(tuple("replaced", "phone", "7", "8"), tuple("replaced", "tablet", "17", "18"));
    }

    @Test
    void aSessionWhoseEndRedisLostHasNoRouteAndNobodyIsTold() {
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, 5, false)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 8)), FENCING);

        store.restoreRoutes(SHARD, List.of(new EndedSession(PHONE, 8)), FENCING);

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).isEmpty();
        assertThat(redis.devices(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatEndedTakesNothingFromANewerOneNorBringsBackADeviceThatWasForgotten() {
        claim();
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 9), new EndedSession(PHONE, 8)), FENCING);
        store.restoreRoutes(SHARD, List.of(new EndedSession(device("tablet"), 18)), FENCING);

        assertThat(generationOfRoute()).isEqualTo(9);
        assertThat(redis.devices(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void whoWasReplacedByASessionWhoseDeviceIsForgottenHasItNoMoreWhicheverIsToldOfFirst() {
        claim();
        store.restoreRoutes(SHARD, List.of(new EndedSession(PHONE, 8)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 7)), FENCING);

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(redis.events(PHONE))
                .extracting(
                        event -> event.get("type"),
                        event -> event.get("generation"),
                        event -> event.get("new_generation"))
                .containsExactly(tuple("forgotten", "7", "8"));

        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, 9)), FENCING);
        assertThat(generationOfRoute()).isEqualTo(9);
    }

    @Test
    void generationsGoOnAboveEverythingThatWasRestored() {
        long ahead = (System.currentTimeMillis() + 3_600_000) * 1024;
        claim();
        store.restoreDevices(SHARD, List.of(new JournaledDevice(PHONE, ahead, false)), FENCING);
        store.restoreRoutes(SHARD, List.of(session(ROOM, 1, ahead + 10)), FENCING);
        store.finish(Set.of(SHARD), FENCING);

        assertThat(bound(new Place(ROOM, 0, 2, 1))).isEqualTo(ahead + 11);
    }

    @Test
    void whatIsFollowedIsFollowedAgain() {
        claim();
        restoreFollows(
                follows(USER, 50, 7),
                follows(PHONE, 60, 8),
                against(device("tablet"), 9),
                ended(device("pad"), 9),
                follows(device("watch"), 70, 6));
        store.finish(Set.of(SHARD), FENCING);

        assertThat(followed(PHONE)).containsExactly(new FollowedTopic("news", 60, true));
        assertThat(followed(device("tablet"))).isEmpty();
        assertThat(followed(device("pad"))).containsExactly(new FollowedTopic("news", 50, true));
        assertThat(followed(device("watch"))).containsExactly(new FollowedTopic("news", 70, true));
        assertThat(followed(device("desk"))).containsExactly(new FollowedTopic("news", 50, true));
        assertThat(redis.followers(PHONE, "news")).containsExactly("u:1");
    }

    @Test
    void thatADeviceDoesNotFollowIsKeptOnlyWhereItsUserDoesAndSaidSoBefore() {
        claim();
        restoreFollows(against(PHONE, 8));
        assertThat(redis.follows(PHONE)).isEmpty();

        restoreFollows(follows(USER, 50, 9));
        restoreFollows(against(PHONE, 8));
        assertThat(redis.follows(PHONE)).containsOnlyKeys("/news");

        restoreFollows(ended(USER, 10));
        assertThat(redis.follows(PHONE)).isEmpty();
        assertThat(redis.followers(PHONE, "news")).isEmpty();
    }

    @Test
    void aRedisThatWasRolledBackLosesWhatIsFollowedNoMoreAndKeepsWhatIsNewer() {
        claim();
        restoreFollows(follows(PHONE, 50, 7), follows(device("tablet"), 50, 17));

        restoreFollows(ended(PHONE, 8), ended(device("tablet"), 8), follows(device("tablet"), 90, 16));

        assertThat(redis.follows(PHONE)).containsExactly(Map.entry("tablet/news", "17 1 50 0"));
        assertThat(redis.followers(PHONE, "news")).containsExactly("u:1");
        restoreFollows(ended(device("tablet"), 18));
        assertThat(redis.followers(PHONE, "news")).isEmpty();
    }

    @Test
    void whatWasOnItsWayToTheJournalIsFollowedWhereItCameThereAndElseStaysOnItsWay() {
        claim();
        String key = redis.keys(PHONE).follows("demo", "u:1");
        redis.raw().hset(key, Map.of("phone/news", "8 - 0 8", "tablet/news", "7 1 50 9"));

        restoreFollows(follows(PHONE, 60, 8), follows(device("tablet"), 50, 7));

        assertThat(redis.follows(PHONE))
                .containsOnly(Map.entry("phone/news", "8 1 60 0"), Map.entry("tablet/news", "7 1 50 9"));
        restoreFollows(ended(device("tablet"), 9));
        assertThat(redis.follows(PHONE)).containsOnlyKeys("phone/news");
    }

    @Test
    void versionsGoOnAboveThoseThatWereRestoredAndWithoutClaimNothingIs() {
        long ahead = (System.currentTimeMillis() + 3_600_000) * 1024;
        claim();
        restoreFollows(follows(PHONE, 60, ahead));
        store.finish(Set.of(SHARD), FENCING);

        assertThat(bound(new Place(ROOM, 0, 2, 1))).isGreaterThan(ahead);
        assertLost(() -> restoreFollows(follows(PHONE, 60, 7)));
    }

    private void restoreFollows(FollowNote... notes) {
        store.restoreFollows(SHARD, List.of(notes), FENCING);
    }

    private static FollowNote follows(Endpoint endpoint, long from, long version) {
        return new FollowNote(endpoint, "news", true, from, version, false);
    }

    private static FollowNote against(Endpoint endpoint, long version) {
        return new FollowNote(endpoint, "news", false, 0, version, true);
    }

    private static FollowNote ended(Endpoint endpoint, long version) {
        return FollowNote.ended(endpoint, "news", version);
    }

    private List<FollowedTopic> followed(Endpoint endpoint) {
        return known(endpoint).topics();
    }

    private void claim() {
        assertThat(store.claim(Set.of(SHARD), FENCING)).containsExactly(SHARD);
    }

    private long bound(Place place) {
        BindOutcome outcome = redis.await(index.bind(new Binding(PHONE, place, "wifi", 0, 0, SecondDevice.DEFAULT), 0));
        if (outcome instanceof NotJournaled(long generation, var _)) {
            outcome =
                    redis.await(index.bind(new Binding(PHONE, place, "wifi", 0, 0, SecondDevice.DEFAULT), generation));
        }
        return ((Bound) outcome).generation();
    }

    private long generationOfRoute() {
        return Route.parse(redis.routes(PHONE).getOrDefault("phone", "")).generation();
    }

    private static Endpoint device(String device) {
        return new Endpoint("demo", "u:1", device);
    }

    private static LiveSession session(Incarnation room, int slot, long generation) {
        return session(PHONE, room, slot, generation);
    }

    private static LiveSession session(Endpoint endpoint, Incarnation room, int slot, long generation) {
        Place place = new Place(room, 0, slot, 1);
        return new LiveSession(endpoint, new Route(place, generation, 1_786_000_000_000L), "wifi");
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }
}
