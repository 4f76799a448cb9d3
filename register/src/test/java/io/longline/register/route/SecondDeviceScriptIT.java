package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.product.SecondDevice.Policy;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.BindOutcome.Bound;
import io.longline.register.route.BindOutcome.NotJournaled;
import io.longline.register.route.BindOutcome.Overtaken;
import io.longline.register.route.BindOutcome.Refused;
import io.longline.register.route.BindOutcome.Replaced;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** bind.lua where a product says how many devices of a user may be connected. */
class SecondDeviceScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = device("phone");
    private static final Endpoint TABLET = device("tablet");
    private static final Endpoint WATCH = device("watch");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Incarnation OTHER_ROOM = new Incarnation("room-2", 1786000000000002L);
    private static final SecondDevice ALLOW = SecondDevice.DEFAULT;
    private static final SecondDevice REPLACE = new SecondDevice(Policy.REPLACE, 1);
    private static final SecondDevice REPLACE_2 = new SecondDevice(Policy.REPLACE, 2);
    private static final SecondDevice REFUSE = new SecondDevice(Policy.REFUSE, 1);
    private static final SecondDevice REFUSE_2 = new SecondDevice(Policy.REFUSE, 2);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 4, () -> {});
    private int slots;

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void theDeviceThatWasConnectedLongestMakesWayAndTheEventSaysWhereItIs() {
        long oldest = bound(PHONE, new Place(ROOM, 0, 7, 1), REPLACE_2);
        bound(TABLET, place(ROOM), REPLACE_2);

        Bound third = bind(WATCH, place(OTHER_ROOM), REPLACE_2);

        assertThat(third.replaced()).isEqualTo(Replaced.NOBODY);
        assertThat(third.madeWay()).isEqualTo(1);
        assertThat(third.untold()).isZero();
        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet", "watch");
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).containsExactly("demo/u1/tablet");
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).containsExactly("u1");
        assertThat(redis.events(PHONE))
                .singleElement()
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
                        Map.entry("generation", Long.toString(oldest)),
                        Map.entry("new_generation", Long.toString(third.generation()))));
    }

    @Test
    void aDeviceThatMadeWayIsStillKnownAndNothingThatComesOfItsSessionBringsItBack() {
        Place place = place(ROOM);
        long older = bound(PHONE, place, REPLACE);
        bound(TABLET, place(OTHER_ROOM), REPLACE);

        assertThat(redis.await(index.unbind(PHONE, older, false))).isInstanceOf(UnbindOutcome.NotOwner.class);
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), place.loop(), place.slot(), 1);
        assertThat(bindOnce(PHONE, anew, REPLACE, older, 0)).isInstanceOf(Overtaken.class);
        assertThat(bindOnce(PHONE, anew, ALLOW, older, 0)).isInstanceOf(Overtaken.class);

        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet");
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .extracting(KnownDevice::device)
                .containsExactly("tablet", "phone");
        assertThat(bind(PHONE, place(ROOM), REPLACE).madeWay()).isEqualTo(1);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    @Test
    void oneDeviceTooManyIsRefusedAndNothingIsChanged() {
        bound(PHONE, place(ROOM), REFUSE_2);
        bound(TABLET, place(ROOM), REFUSE_2);
        Map<String, String> devices = redis.devices(PHONE);
        Map<String, String> routes = redis.routes(PHONE);

        assertThat(bindOnce(WATCH, place(OTHER_ROOM), REFUSE_2, 0, 0))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.connected()).isEqualTo(2);
                    assertThat(refused.atMs()).isPositive();
                });

        assertThat(redis.devices(PHONE)).as("not even noted as new").isEqualTo(devices);
        assertThat(redis.routes(PHONE)).isEqualTo(routes);
        assertThat(redis.events(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).rooms())).containsExactly(ROOM.toString());
    }

    @Test
    void whoWasRefusedGetsInWhenAnotherLeft() {
        long generation = bound(PHONE, place(ROOM), REFUSE);
        assertThat(bindOnce(TABLET, place(ROOM), REFUSE, 0, 0)).isInstanceOf(Refused.class);

        redis.await(index.unbind(PHONE, generation, false));

        assertThat(bound(TABLET, place(ROOM), REFUSE)).isGreaterThan(generation);
    }

    @Test
    void ofTwoNewDevicesThatAreBothOnTheirWayToTheJournalOneIsRefused() {
        NotJournaled phone = (NotJournaled) bindOnce(PHONE, place(ROOM), REFUSE, 0, 0);
        NotJournaled tablet = (NotJournaled) bindOnce(TABLET, place(ROOM), REFUSE, 0, 0);

        assertThat(bindOnce(TABLET, place(ROOM), REFUSE, 0, tablet.generation()))
                .isInstanceOf(Bound.class);
        assertThat(bindOnce(PHONE, place(ROOM), REFUSE, 0, phone.generation())).isInstanceOf(Refused.class);

        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet");
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .as("one that was never bound is shown to nobody")
                .extracting(KnownDevice::device)
                .containsExactly("tablet");
    }

    @Test
    void aDeviceThatIsConnectedTakesItsOwnPlaceWhateverThePolicy() {
        for (SecondDevice policy : List.of(REFUSE, REPLACE)) {
            bound(PHONE, place(ROOM), ALLOW);
            bound(TABLET, place(ROOM), ALLOW);
            Place again = place(OTHER_ROOM);

            Bound newer = bind(PHONE, again, policy);

            assertThat(newer.replaced()).isEqualTo(Replaced.TOLD);
            assertThat(newer.madeWay()).isZero();
            assertThat(bind(PHONE, again, policy))
                    .as("a call whose answer was lost")
                    .extracting(Bound::generation, Bound::replaced, Bound::madeWay)
                    .containsExactly(newer.generation(), Replaced.NOBODY, 0);
            assertThat(redis.routes(PHONE)).containsOnlyKeys("phone", "tablet");
            redis.raw().del(redis.keys(PHONE).events());
        }
    }

    @Test
    void aPolicyThatIsChangedHoldsForBindsFromThenOn() {
        bound(PHONE, place(ROOM), ALLOW);
        bound(TABLET, place(ROOM), ALLOW);
        bound(WATCH, place(ROOM), ALLOW);
        assertThat(redis.routes(PHONE)).hasSize(3);

        assertThat(bindOnce(device("tv"), place(ROOM), REFUSE_2, 0, 0)).isInstanceOf(Refused.class);
        Bound fourth = bind(device("tv"), place(ROOM), REPLACE_2);

        assertThat(fourth.madeWay()).as("as many as are too many").isEqualTo(2);
        assertThat(redis.events(PHONE)).extracting("device").containsExactly("phone", "tablet");
        assertThat(redis.routes(PHONE)).containsOnlyKeys("watch", "tv");
    }

    @Test
    void usersOfOneShardAndProductsDoNotCountForEachOther() {
        bound(PHONE, place(ROOM), REFUSE);
        String neighbour = IntStream.iterate(2, i -> i + 1)
                .mapToObj(i -> "u" + i)
                .filter(user -> redis.keys(new Endpoint("demo", user, "phone"))
                        .mark()
                        .equals(redis.keys(PHONE).mark()))
                .findFirst()
                .orElseThrow();

        assertThat(bound(new Endpoint("demo", neighbour, "tablet"), place(ROOM), REFUSE))
                .isPositive();
        assertThat(bound(new Endpoint("other", "u1", "tablet"), place(ROOM), REFUSE))
                .isPositive();
    }

    @Test
    void devicesOfARoomThatWasDeclaredGoneDoNotCountAlthoughTheirRoutesAreNotSweptYet() {
        bound(PHONE, place(ROOM), REFUSE);
        assertThat(bindOnce(TABLET, place(OTHER_ROOM), REFUSE, 0, 0)).isInstanceOf(Refused.class);
        redis.raw().zadd(redis.keys(PHONE).dead(), 1, ROOM.toString());

        bound(TABLET, place(OTHER_ROOM), REFUSE);

        assertThat(redis.routes(PHONE)).as("the sweep has yet to come").containsOnlyKeys("phone", "tablet");
        assertThat(bindOnce(PHONE, place(OTHER_ROOM), REFUSE, 0, 0))
                .as("nor has the device of such a route a place of its own")
                .isInstanceOf(Refused.class);
        assertThat(bind(PHONE, place(OTHER_ROOM), REPLACE).madeWay()).isEqualTo(1);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    @Test
    void aSessionThatIsBoundAnewIsNotRefusedAndNobodyGoesForIt() {
        long phone = bound(PHONE, place(ROOM), ALLOW);
        swept();
        bound(TABLET, place(OTHER_ROOM), ALLOW);
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 1, 1);

        Bound refuse = (Bound) bindOnce(PHONE, anew, REFUSE, phone, 0);

        assertThat(refuse.generation()).isEqualTo(phone);
        assertThat(refuse.madeWay()).isZero();
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone", "tablet");
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatIsBoundAnewHasGoneIfSoManyNewerDevicesCameMeanwhile() {
        long phone = bound(PHONE, place(ROOM), REPLACE_2);
        swept();
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), 0, 1, 1);
        bound(TABLET, place(OTHER_ROOM), REPLACE_2);
        assertThat(bindOnce(PHONE, anew, REPLACE_2, phone, 0)).as("one newer").isInstanceOf(Bound.class);
        redis.raw().hdel(redis.keys(PHONE).routes("demo", "u1"), "phone");
        long newest = bound(WATCH, place(OTHER_ROOM), REPLACE_2);

        assertThat(bindOnce(PHONE, anew, REPLACE_2, phone, 0))
                .isInstanceOfSatisfying(
                        Overtaken.class,
                        overtaken -> assertThat(overtaken.generation()).isEqualTo(newest));
        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet", "watch");
    }

    @Test
    void aFullStreamDropsTheEventOfADeviceThatMakesWayAndSaysSo() {
        for (int i = 0; i < 5; i++) {
            bound(TABLET, place(ROOM), ALLOW);
        }
        assertThat(redis.events(PHONE)).hasSize(4);

        Bound bound = bind(PHONE, place(ROOM), REPLACE);

        assertThat(bound.madeWay()).isEqualTo(1);
        assertThat(bound.untold()).isEqualTo(1);
        assertThat(redis.events(PHONE)).hasSize(4);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    private static Endpoint device(String name) {
        return new Endpoint("demo", "u1", name);
    }

    private Place place(Incarnation room) {
        return new Place(room, 0, ++slots, 1);
    }

    /** The routes of all rooms so far, as {@code sweep.lua} leaves it but for what keeps that room from binding. */
    private void swept() {
        redis.raw().del(redis.keys(PHONE).routes("demo", "u1"));
    }

    private BindOutcome bindOnce(Endpoint endpoint, Place place, SecondDevice policy, long previous, long noted) {
        return redis.await(index.bind(new Binding(endpoint, place, "wifi", previous, 0, policy), noted));
    }

    /** Journaled on the way if it is new. */
    private Bound bind(Endpoint endpoint, Place place, SecondDevice policy) {
        BindOutcome outcome = bindOnce(endpoint, place, policy, 0, 0);
        if (outcome instanceof NotJournaled(long generation, var _)) {
            outcome = bindOnce(endpoint, place, policy, 0, generation);
        }
        return (Bound) outcome;
    }

    private long bound(Endpoint endpoint, Place place, SecondDevice policy) {
        return bind(endpoint, place, policy).generation();
    }
}
