package io.longline.register.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.BindOutcome.Bound;
import io.longline.register.route.BindOutcome.IncarnationGone;
import io.longline.register.route.BindOutcome.Left;
import io.longline.register.route.BindOutcome.NotJournaled;
import io.longline.register.route.BindOutcome.Overtaken;
import io.longline.register.route.BindOutcome.Replaced;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Incarnation OTHER_ROOM = new Incarnation("room-2", 1786000000000002L);
    private static final Place PLACE = new Place(ROOM, 0, 7, 1);
    private static final Place OTHER_PLACE = new Place(OTHER_ROOM, 1, 8, 3);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final AtomicInteger lost = new AtomicInteger();
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 2, lost::incrementAndGet);

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void aNewDeviceIsNotBoundBeforeTheJournalKnowsIt() {
        NotJournaled first = (NotJournaled) bind(PHONE, PLACE, 0);

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.await(index.devices("demo", "u1")).devices()).isEmpty();
        assertThat(bind(PHONE, PLACE, 0)).isEqualTo(first);

        Bound bound = (Bound) bind(PHONE, PLACE, first.generation());
        assertThat(bound.generation()).isGreaterThan(first.generation());
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.devices(PHONE).get("phone"))
                .endsWith(" " + bound.generation() + " 1 " + first.generation() + " wifi");
    }

    @Test
    void aDeviceIsBornWhenTheJournalIsToldOfItAndStaysSoWhateverBecomesOfItsSessions() {
        long born = ((NotJournaled) bind(PHONE, PLACE, 0)).generation();

        Bound first = (Bound) bind(PHONE, PLACE, born);
        Bound same = (Bound) bind(PHONE, PLACE, 0);
        Bound newer = (Bound) bind(PHONE, OTHER_PLACE, 0);
        redis.await(index.unbind(PHONE, newer.generation(), false));
        Bound back = (Bound) bind(PHONE, PLACE, 0);
        Bound anew =
                (Bound) bindAnew(new Place(new Incarnation("room-1", ROOM.number() + 5), 0, 7, 1), back.generation());

        assertThat(List.of(first, same, newer, back, anew))
                .extracting(Bound::born)
                .containsOnly(born);
    }

    @Test
    void aDeviceThatWasForgottenIsBornAnew() {
        long first = bound(PHONE, PLACE);
        long born = ((Bound) bind(PHONE, PLACE, 0)).born();
        redis.await(index.unbind(PHONE, first, true));

        long noted = ((NotJournaled) bind(PHONE, PLACE, 0)).generation();
        assertThat(((Bound) bind(PHONE, PLACE, noted)).born()).isEqualTo(noted).isGreaterThan(born);

        var forgetting = redis.await(index.forget("demo", "u1", Optional.of("phone"), OptionalLong.empty()));
        long again = ((NotJournaled) bind(PHONE, PLACE, 0)).generation();
        assertThat(forgetting).isPresent();
        assertThat(((Bound) bind(PHONE, PLACE, again)).born()).isEqualTo(again).isGreaterThan(noted);
    }

    @Test
    void theJournalIsToldAlsoOfWhatAnEarlierLifeOfTheDeviceFollowed() {
        String follows = redis.keys(PHONE).follows("demo", "u1");
        redis.raw().hset(follows, Map.of("phone/news", "7 1 50 0", "desk/news", "7 - 0 9", "/news", "8 1 60 0"));
        redis.await(index.unbind(PHONE, bound(PHONE, PLACE), true));

        NotJournaled first = (NotJournaled) bind(PHONE, PLACE, 0);
        assertThat(first.unfollowed()).containsExactly("news");
        assertThat(bind(PHONE, PLACE, 0)).isEqualTo(first);
        assertThat(redis.follows(PHONE)).hasSize(3);

        Bound bound = (Bound) bind(PHONE, PLACE, first.generation());
        assertThat(bound.topics()).extracting(FollowedTopic::from).containsExactly(60L);
        assertThat(redis.follows(PHONE)).containsOnlyKeys("desk/news", "/news");
    }

    @Test
    void whoIsToBeToldThatItFollowsWhatWasLeftOnItsWayToTheJournalIsNotBoundBeforeThatHasIt() {
        long generation = bound(PHONE, PLACE);
        String follows = redis.keys(PHONE).follows("demo", "u1");

        for (String field : List.of("phone/news", "/news")) {
            redis.raw().hset(follows, field, "7 1 50 9");
            assertThat(bind(PHONE, OTHER_PLACE, 0)).isEqualTo(new Left());
            assertThat(bind(PHONE, PLACE, 0)).isEqualTo(new Left());
            redis.raw().del(follows);
        }
        redis.raw().hset(follows, Map.of("phone/news", "7 - 0 9", "/offers", "7 - 0 9", "desk/news", "7 1 50 9"));
        assertThat(bind(PHONE, OTHER_PLACE, 0)).isEqualTo(new Left());
        assertThat(redis.routes(PHONE).get("phone")).contains(" " + generation + " ");

        BindOutcome goesOn =
                redis.await(index.bind(new Binding(PHONE, OTHER_PLACE, "wifi", 0, 0, SecondDevice.DEFAULT), 0, true));
        assertThat(((Bound) goesOn).topics()).isEmpty();
        redis.raw().hset(follows, "phone/news", "7 1 50 9");
        assertThat(((Bound) redis.await(
                                index.bind(new Binding(PHONE, PLACE, "wifi", 0, 0, SecondDevice.DEFAULT), 0, true)))
                        .topics())
                .as("it stays")
                .hasSize(1);
    }

    @Test
    void ofADeviceOfAnEarlierReleaseNobodyKnowsWhenItWasBorn() {
        String key = redis.keys(PHONE).devices("demo", "u1");
        redis.raw().hset(key, Map.of("phone", "900 9 1 4g of a train", "tablet", "900 9 0 wifi"));

        Bound bound = (Bound) bind(PHONE, PLACE, 0);
        BindOutcome same = redis.await(index.bind(new Binding(PHONE, PLACE, "a train", 0, 0, SecondDevice.DEFAULT), 0));
        Bound onItsWay = (Bound) bind(new Endpoint("demo", "u1", "tablet"), OTHER_PLACE, 9);

        assertThat(bound.born()).isZero();
        assertThat(((Bound) same).born()).isZero();
        assertThat(redis.devices(PHONE).get("phone")).endsWith(" " + bound.generation() + " 1 0 a train");
        assertThat(onItsWay.born()).isEqualTo(9);
    }

    @Test
    void theSamePlaceAgainTakesItsNetworkAndNothingElse() {
        long generation = bound(PHONE, PLACE);
        String before = requireNonNull(redis.devices(PHONE).get("phone"));
        var routes = redis.routes(PHONE);

        BindOutcome again =
                redis.await(index.bind(new Binding(PHONE, PLACE, "a train", generation, 0, SecondDevice.DEFAULT), 0));

        assertThat(((Bound) again).generation()).isEqualTo(generation);
        assertThat(redis.devices(PHONE)).containsEntry("phone", before.replace(" wifi", " a train"));
        assertThat(redis.routes(PHONE)).isEqualTo(routes);
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void theNetworkOfASessionThatWasReplacedIsNotTaken() {
        long older = bound(PHONE, PLACE);
        bound(PHONE, OTHER_PLACE);
        var devices = redis.devices(PHONE);

        BindOutcome late = redis.await(index.bind(new Binding(PHONE, PLACE, "4g", older, 0, SecondDevice.DEFAULT), 0));

        assertThat(late).isInstanceOf(Overtaken.class);
        assertThat(redis.devices(PHONE)).isEqualTo(devices);
    }

    @Test
    void whoIsBoundIsToldWhatItFollowsByItselfAndByABackEnd() {
        redis.raw()
                .hset(
                        redis.keys(PHONE).follows("demo", "u1"),
                        Map.of(
                                "phone/news", "7 1 50 0",
                                "/offers", "8 1 60 0",
                                "phone/offers", "6 0 0 0", // an older wish than the back end's
                                "/alerts", "8 1 70 0",
                                "phone/alerts", "9 0 0 0",
                                "desk/sports", "8 1 70 0",
                                "phone/weather", "9 - 0 9")); // on its way to the journal
        NotJournaled noted = (NotJournaled) bind(PHONE, PLACE, 0);

        Bound bound = (Bound) bind(PHONE, PLACE, noted.generation());
        Bound again = (Bound) bind(PHONE, PLACE, 0);

        assertThat(bound.topics())
                .containsExactlyInAnyOrder(new FollowedTopic("news", 50, false), new FollowedTopic("offers", 60, true));
        assertThat(again.topics()).containsExactlyInAnyOrderElementsOf(bound.topics());
    }

    @Test
    void whoFollowsThousandsOfTopicsIsBoundAndToldAllOfThem() {
        Map<String, String> records =
                IntStream.range(0, 3_000).boxed().collect(Collectors.toMap(i -> "phone/t" + i, i -> "7 1 50 0"));
        redis.raw().hset(redis.keys(PHONE).follows("demo", "u1"), records);
        NotJournaled noted = (NotJournaled) bind(PHONE, PLACE, 0);

        Bound bound = (Bound) bind(PHONE, PLACE, noted.generation());

        assertThat(bound.topics()).hasSize(3_000).contains(new FollowedTopic("t2999", 50, false));
    }

    @Test
    void aKnownDeviceIsBoundAtOnce() {
        long first = bound(PHONE, PLACE);

        assertThat(bind(PHONE, OTHER_PLACE, 0))
                .isInstanceOfSatisfying(
                        Bound.class, bound -> assertThat(bound.generation()).isGreaterThan(first));
    }

    @Test
    void aNoteThatIsOlderThanTheDeviceDoesNotCount() {
        NotJournaled first = (NotJournaled) bind(PHONE, PLACE, 0);

        assertThat(bind(PHONE, PLACE, first.generation() - 1)).isEqualTo(first);
    }

    @Test
    void generationsAreLedByTheClockAndGrowWithinAMillisecond() {
        long before = System.currentTimeMillis();
        long first = bound(PHONE, PLACE);
        long second = bound(PHONE, OTHER_PLACE);

        assertThat(first).isBetween(before * 1024, (System.currentTimeMillis() + 1) * 1024);
        assertThat(second).isGreaterThan(first);
        assertThat(((Bound) bind(PHONE, PLACE, 0)).atMs()).isBetween(before, System.currentTimeMillis() + 1);
    }

    @Test
    void generationsGoOnGrowingWhenTheClockGoesBack() {
        long ahead = (System.currentTimeMillis() + 3_600_000) * 1024;
        redis.raw().set(redis.keys(PHONE).generation(), Long.toString(ahead));

        assertThat(bound(PHONE, PLACE)).isEqualTo(ahead + 2);
        assertThat(bound(PHONE, OTHER_PLACE)).isEqualTo(ahead + 3);
    }

    @Test
    void theOlderSessionIsReplacedAndTheEventSaysWhereItIs() {
        long older = bound(PHONE, PLACE);
        Bound newer = (Bound) bind(PHONE, OTHER_PLACE, 0);

        assertThat(newer.replaced()).isEqualTo(Replaced.TOLD);
        assertThat(redis.events(PHONE))
                .hasSize(1)
                .first()
                .satisfies(event -> assertThat(event)
                        .isEqualTo(Map.ofEntries(
                                Map.entry("type", "replaced"),
                                Map.entry("product", "demo"),
                                Map.entry("user", "u1"),
                                Map.entry("device", "phone"),
                                Map.entry("room", "room-1"),
                                Map.entry("incarnation", "1786000000000001"),
                                Map.entry("loop", "0"),
                                Map.entry("slot", "7"),
                                Map.entry("slot_generation", "1"),
                                Map.entry("generation", Long.toString(older)),
                                Map.entry("new_generation", Long.toString(newer.generation())))));
    }

    @Test
    void theRoomIndexesFollowTheRoute() {
        bound(PHONE, PLACE);
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).containsExactly("demo/u1/phone");

        bound(PHONE, OTHER_PLACE);
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(OTHER_ROOM))).containsExactly("demo/u1/phone");
        assertThat(redis.raw().smembers(redis.keys(PHONE).rooms()))
                .containsExactlyInAnyOrder(ROOM.toString(), OTHER_ROOM.toString());
    }

    @Test
    void theSameBindAgainAnswersTheSame() {
        long generation = bound(PHONE, PLACE);

        Bound again = (Bound) bind(PHONE, PLACE, 0);

        assertThat(again.generation()).isEqualTo(generation);
        assertThat(again.replaced()).isEqualTo(Replaced.NOBODY);
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatIsBoundAnewUnderItsRoomsNextIncarnationReplacesNobody() {
        long older = bound(PHONE, PLACE);
        Incarnation next = new Incarnation(ROOM.room(), ROOM.number() + 5);

        Bound anew = (Bound) bind(PHONE, new Place(next, PLACE.loop(), PLACE.slot(), PLACE.slotGeneration()), 0);

        assertThat(anew.replaced()).isEqualTo(Replaced.NOBODY);
        assertThat(anew.generation()).isGreaterThan(older);
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
    }

    @Test
    void aSessionThatIsBoundAnewDoesNotReplaceTheNewerOneThatCameMeanwhile() {
        long older = bound(PHONE, PLACE);
        long newer = bound(PHONE, OTHER_PLACE);
        Place again = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 7, 1);

        assertThat(((Overtaken) bindAnew(again, older)).generation()).isEqualTo(newer);
        assertThat(redis.routes(PHONE).get("phone")).startsWith(OTHER_PLACE.toString());

        redis.await(index.unbind(PHONE, newer, false));
        assertThat(((Overtaken) bindAnew(again, older)).generation()).isEqualTo(newer);
        assertThat(redis.routes(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatWasSweptIsBoundAnewAsOftenAsNeedBeAndKeepsItsGeneration() {
        long older = bound(PHONE, PLACE);
        redis.raw().hdel(redis.keys(PHONE).routes("demo", "u1"), "phone");
        Place again = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 7, 1);

        Bound anew = (Bound) bindAnew(again, older);

        assertThat(anew.generation()).isEqualTo(older);
        assertThat(((Bound) bindAnew(again, older)).generation()).isEqualTo(older);
        redis.raw().hdel(redis.keys(PHONE).routes("demo", "u1"), "phone"); // swept before the room heard of it
        Place onceMore = new Place(new Incarnation(ROOM.room(), ROOM.number() + 6), 0, 7, 1);
        assertThat(((Bound) bindAnew(onceMore, older)).generation()).isEqualTo(older);
        assertThat(redis.routes(PHONE).get("phone")).startsWith(onceMore.toString());
        assertThat(bound(PHONE, OTHER_PLACE)).isGreaterThan(older);
    }

    @Test
    void aLateAttemptOfAnEarlierIncarnationDoesNotTakeTheSessionBack() {
        long older = bound(PHONE, PLACE);
        Place first = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 7, 1);
        Place second = new Place(new Incarnation(ROOM.room(), ROOM.number() + 6), 0, 7, 1);
        bindAnew(second, older);

        assertThat(bindAnew(first, older)).isInstanceOf(IncarnationGone.class);
        assertThat(redis.routes(PHONE).get("phone")).startsWith(second.toString());
    }

    @Test
    void aSessionWhoseDeviceWasLostIsBoundAnewOnceTheJournalKnowsOfIt() {
        Place again = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 7, 1);

        long noted = ((NotJournaled) bindAnew(again, 1_000)).generation();
        BindOutcome bound =
                redis.await(index.bind(new Binding(PHONE, again, "wifi", 1_000, 0, SecondDevice.DEFAULT), noted));

        assertThat(((Bound) bound).generation()).isEqualTo(1_000);
        assertThat(((Bound) bound).born()).as("it was there before").isEqualTo(1_000);
        assertThat(bound(PHONE, OTHER_PLACE)).isGreaterThan(noted);
    }

    @Test
    void whatIsBoundAfterASessionThatARolledBackRedisDoesNotKnowIsNewer() {
        long older = bound(PHONE, PLACE);
        long known = older + 1_000_000_000;
        Place again = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 7, 1);

        assertThat(((Bound) bindAnew(again, known)).generation()).isEqualTo(known);
        assertThat(bound(PHONE, OTHER_PLACE)).isGreaterThan(known);
    }

    @Test
    void anotherSlotOfTheSameRoomIsAnotherSession() {
        bound(PHONE, PLACE);

        Bound newer = (Bound) bind(PHONE, new Place(ROOM, PLACE.loop(), PLACE.slot(), 2), 0);

        assertThat(newer.replaced()).isEqualTo(Replaced.TOLD);
    }

    @Test
    void aFullStreamDropsTheEventAndSaysSo() {
        bound(PHONE, new Place(ROOM, 0, 1, 1));
        bound(PHONE, new Place(ROOM, 0, 2, 1));
        bound(PHONE, new Place(ROOM, 0, 3, 1));

        Bound third = (Bound) bind(PHONE, new Place(ROOM, 0, 4, 1), 0);

        assertThat(third.replaced()).isEqualTo(Replaced.DROPPED);
        assertThat(redis.events(PHONE)).hasSize(2);
        assertThat(redis.await(index.locate(PHONE)))
                .isInstanceOfSatisfying(
                        Whereabouts.Online.class,
                        online -> assertThat(online.route().generation()).isEqualTo(third.generation()));
    }

    @Test
    void aBindThatComesTooLateChangesNothing() {
        long newer = bound(PHONE, OTHER_PLACE);
        Map<String, String> devices = redis.devices(PHONE);
        long now = System.currentTimeMillis();

        assertThat(redis.await(index.bind(new Binding(PHONE, PLACE, "wifi", 0, now - 2_000, SecondDevice.DEFAULT), 0)))
                .isInstanceOfSatisfying(BindOutcome.Late.class, late -> {
                    assertThat(late.byMs()).isBetween(2_000L, 60_000L);
                    assertThat(late.atMs()).as("the time by the clock of Redis").isBetween(now, now + 60_000);
                });
        Endpoint unknown = new Endpoint("demo", "u1", "tablet");
        assertThat(redis.await(index.bind(new Binding(unknown, PLACE, "wifi", 0, 1, SecondDevice.DEFAULT), 0)))
                .isInstanceOf(BindOutcome.Late.class);

        assertThat(redis.routes(PHONE))
                .hasEntrySatisfying("phone", route -> assertThat(route).contains(" " + newer + " "));
        assertThat(redis.devices(PHONE)).isEqualTo(devices);
        assertThat(redis.events(PHONE)).isEmpty();
        assertThat(redis.await(index.bind(new Binding(PHONE, PLACE, "wifi", 0, now + 60_000, SecondDevice.DEFAULT), 0)))
                .isInstanceOf(Bound.class);
    }

    @Test
    void aDeadIncarnationBindsNothing() {
        long before = bound(PHONE, OTHER_PLACE);
        redis.raw().zadd(redis.keys(PHONE).dead(), 1, ROOM.toString());

        assertThat(bind(PHONE, PLACE, 0)).isEqualTo(new IncarnationGone());
        assertThat(redis.routes(PHONE).get("phone")).contains(" " + before + " ");
    }

    @Test
    void aLostShardBindsNothingAndIsReported() {
        redis.lose(PHONE);

        assertThatThrownBy(() -> bind(PHONE, PLACE, 0))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(lost).hasPositiveValue();
    }

    @Test
    void aShardThatAnotherRedisHeldIsLost() {
        redis.raw().set(redis.keys(PHONE).mark(), "0123456789012345678901234567890123456789");

        assertThatThrownBy(() -> bind(PHONE, PLACE, 0)).isInstanceOf(LonglineException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b:c", "{s7}", "^(.*)$[a]+", "-1"})
    void oddIdsAreOnlyText(String id) {
        Endpoint odd = new Endpoint("demo", id, id);
        bound(odd, PLACE);
        bound(odd, OTHER_PLACE);

        assertThat(redis.await(index.devices("demo", id)).devices())
                .singleElement()
                .satisfies(device -> assertThat(device.device()).isEqualTo(id));
        assertThat(redis.events(odd)).singleElement().extracting("user").isEqualTo(id);
        assertThat(redis.raw().smembers(redis.keys(odd).index(OTHER_ROOM))).containsExactly("demo/" + id + "/" + id);
    }

    @Test
    void devicesOfOneUserDoNotReplaceEachOther() {
        Endpoint tablet = new Endpoint("demo", "u1", "tablet");
        bound(PHONE, PLACE);
        bound(tablet, OTHER_PLACE);

        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone", "tablet");
        assertThat(redis.events(PHONE)).isEqualTo(List.of());
    }

    @Test
    void aKnownDeviceComesBackWhereNoMemoryIsLeftAndANewOneDoesNot() {
        long first = bound(PHONE, PLACE);
        redis.await(index.unbind(PHONE, first, false));

        redis.await(redis.store().everywhere(it -> it.configSet("maxmemory", "1")));
        try {
            assertThat(bound(PHONE, OTHER_PLACE)).isGreaterThan(first);
            assertThatThrownBy(() -> bind(new Endpoint("demo", "u1", "tablet"), PLACE, 0))
                    .isInstanceOfSatisfying(
                            LonglineException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
        } finally {
            redis.await(redis.store().everywhere(it -> it.configSet("maxmemory", "0")));
        }
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    private BindOutcome bindAnew(Place place, long previousGeneration) {
        return redis.await(
                index.bind(new Binding(PHONE, place, "wifi", previousGeneration, 0, SecondDevice.DEFAULT), 0));
    }

    private BindOutcome bind(Endpoint endpoint, Place place, long noted) {
        return redis.await(index.bind(new Binding(endpoint, place, "wifi", 0, 0, SecondDevice.DEFAULT), noted));
    }

    /** Bound, journaled on the way if it is new. */
    private long bound(Endpoint endpoint, Place place) {
        BindOutcome outcome = bind(endpoint, place, 0);
        if (outcome instanceof NotJournaled(long generation, var _)) {
            outcome = bind(endpoint, place, generation);
        }
        return ((Bound) outcome).generation();
    }
}
