package io.longline.register.kick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.BindOutcome;
import io.longline.register.route.BindOutcome.Blocked;
import io.longline.register.route.BindOutcome.Bound;
import io.longline.register.route.BindOutcome.NotJournaled;
import io.longline.register.route.Binding;
import io.longline.register.route.RedisRouteIndex;
import io.longline.register.route.UnbindOutcome;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** kick.lua, and bind.lua where it has kicked. */
class KickScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = device("phone");
    private static final Endpoint TABLET = device("tablet");
    private static final Endpoint NEW = device("new");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Incarnation OTHER_ROOM = new Incarnation("room-2", 1786000000000002L);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final int MOST_EVENTS = 3;

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final AtomicInteger lost = new AtomicInteger();
    private final RedisRouteIndex routes = new RedisRouteIndex(redis.store(), 100, () -> {});
    private final RedisKickIndex index = new RedisKickIndex(redis.store(), MOST_EVENTS, lost::incrementAndGet);
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
    void allSessionsOfAUserEndInOneStepAndTheEventsSayWhereAndWhy() {
        long phone = bound(PHONE, new Place(ROOM, 3, 7, 1));
        bound(TABLET, place(OTHER_ROOM));
        long other = bound(new Endpoint("demo", "u2", "phone"), place(ROOM));

        assertThat(kick("", "signed  out", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(2));

        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).doesNotContain("demo/u1/phone");
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).doesNotContain("u1");
        assertThat(redis.events(PHONE)).extracting("device").containsExactlyInAnyOrder("phone", "tablet");
        Map<String, String> event = redis.events(PHONE).stream()
                .filter(one -> "phone".equals(one.get("device")))
                .findFirst()
                .orElseThrow();
        assertThat(event)
                .containsEntry("type", "forgotten")
                .containsEntry("reason", "signed  out")
                .containsEntry("product", "demo")
                .containsEntry("user", "u1")
                .containsEntry("room", "room-1")
                .containsEntry("incarnation", "1786000000000001")
                .containsEntry("loop", "3")
                .containsEntry("slot", "7")
                .containsEntry("slot_generation", "1")
                .containsEntry("generation", Long.toString(phone));
        assertThat(Long.parseLong(event.get("new_generation"))).isGreaterThan(phone);
        assertThat(redis.routes(new Endpoint("demo", "u2", "phone")).get("phone"))
                .contains(Long.toString(other));
        assertThat(redis.await(routes.devices("demo", "u1")).devices())
                .as("they are still known")
                .hasSize(2);
    }

    @Test
    void oneDeviceIsKickedAndTheOthersStay() {
        bound(PHONE, place(ROOM));
        bound(TABLET, place(ROOM));

        assertThat(kick("phone", "kicked", MINUTE)).isEqualTo(new KickOutcome.Kicked(1));

        assertThat(redis.routes(PHONE)).containsOnlyKeys("tablet");
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).contains("u1");
        assertThat(bindOnce(PHONE, place(ROOM), 0, 0)).isInstanceOf(Blocked.class);
        assertThat(bound(TABLET, place(OTHER_ROOM))).isPositive();
        assertThat(bound(NEW, place(ROOM))).isPositive();
    }

    @Test
    void whoIsBlockedIsToldHowLongAndWhyAndNothingIsChanged() {
        bound(PHONE, place(ROOM));
        kick("", "wait  a minute", MINUTE);
        Map<String, String> devices = redis.devices(PHONE);

        for (Endpoint endpoint : List.of(PHONE, NEW)) {
            assertThat(bindOnce(endpoint, place(OTHER_ROOM), 0, 0)).isInstanceOfSatisfying(Blocked.class, blocked -> {
                assertThat(blocked.reason()).isEqualTo("wait  a minute");
                assertThat(blocked.leftMs()).isBetween(1L, MINUTE.toMillis());
                assertThat(blocked.atMs()).isPositive();
            });
        }

        assertThat(redis.devices(PHONE)).as("not even noted as new").isEqualTo(devices);
        assertThat(redis.routes(PHONE)).isEmpty();
    }

    @Test
    void whoWasKickedWithoutABlockMayComeBackAtOnce() {
        long before = bound(PHONE, place(ROOM));
        kick("", "kicked", Duration.ZERO);

        assertThat(bound(PHONE, place(ROOM))).isGreaterThan(before);
    }

    @Test
    void aBlockEndsByItself() {
        bound(PHONE, place(ROOM));
        kick("", "kicked", MINUTE);
        moveBlocksBack(MINUTE.toMillis() + 1);

        assertThat(bound(PHONE, place(ROOM))).isPositive();
    }

    @Test
    void theNextKickDecidesAndOneWithoutABlockLetsThemInAgain() {
        bound(PHONE, place(ROOM));
        kick("", "first", HOUR);
        kick("", "second", MINUTE);
        assertThat(bindOnce(PHONE, place(ROOM), 0, 0)).isInstanceOfSatisfying(Blocked.class, blocked -> {
            assertThat(blocked.reason()).isEqualTo("second");
            assertThat(blocked.leftMs()).isLessThanOrEqualTo(MINUTE.toMillis());
        });

        assertThat(kick("", "kicked", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(0));

        assertThat(bound(PHONE, place(ROOM))).isPositive();
    }

    @Test
    void aKickOfTheUserStandsForAllDevicesAndOneOfADeviceForThatAlone() {
        bound(PHONE, place(ROOM));
        bound(TABLET, place(ROOM));
        kick("phone", "phone", HOUR);
        kick("", "all", MINUTE);
        kick("tablet", "tablet", Duration.ZERO);

        assertThat(bindOnce(TABLET, place(ROOM), 0, 0)).as("as its user").isInstanceOf(Blocked.class);
        assertThat(((Blocked) bindOnce(PHONE, place(ROOM), 0, 0)).reason())
                .as("the later one counts")
                .isEqualTo("all");
        kick("phone", "phone", HOUR);
        assertThat(((Blocked) bindOnce(PHONE, place(ROOM), 0, 0)).reason())
                .as("the longer one counts")
                .isEqualTo("phone");

        kick("", "kicked", Duration.ZERO);

        assertThat(bound(PHONE, place(ROOM))).isPositive();
        assertThat(bound(TABLET, place(ROOM))).isPositive();
    }

    @Test
    void aDeviceThatTheUserDoesNotHaveIsBlockedAllTheSame() {
        bound(PHONE, place(ROOM));

        assertThat(kick("new", "kicked", MINUTE)).isEqualTo(new KickOutcome.Kicked(0));

        assertThat(bindOnce(NEW, place(ROOM), 0, 0)).isInstanceOf(Blocked.class);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    @Test
    void aUserWithoutASessionIsBlockedAndOneNeverSeenIsNot() {
        long generation = bound(PHONE, place(ROOM));
        redis.await(routes.unbind(PHONE, generation, false));

        assertThat(kick("", "kicked", MINUTE)).isEqualTo(new KickOutcome.Kicked(0));
        assertThat(bindOnce(PHONE, place(ROOM), 0, 0)).isInstanceOf(Blocked.class);

        Kick stranger = new Kick("demo", "stranger", "", "kicked", MINUTE, "");
        assertThat(redis.await(index.kick(stranger))).isEqualTo(new KickOutcome.Unknown());
        Endpoint phone = new Endpoint("demo", "stranger", "phone");
        assertThat(redis.raw().exists(redis.keys(phone).kicks("demo", "stranger")))
                .isZero();
        bindOnce(phone, place(ROOM), 0, 0);
        assertThat(redis.await(index.kick(stranger)))
                .as("its first device is on its way to the journal")
                .isEqualTo(new KickOutcome.Unknown());
    }

    @Test
    void theBlockOfAUserWhoWasForgottenCanBeEnded() {
        bound(PHONE, place(ROOM));
        kick("", "kicked", HOUR);
        long generation = redis.await(routes.forget("demo", "u1", Optional.empty(), OptionalLong.empty()))
                .orElseThrow()
                .generation();
        redis.await(routes.forgotten("demo", "u1", generation, List.of("phone")));
        assertThat(bindOnce(PHONE, place(ROOM), 0, 0)).isInstanceOf(Blocked.class);

        assertThat(kick("", "kicked", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(0));

        assertThat(bound(PHONE, place(ROOM))).isPositive();
        assertThat(kick("", "kicked", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(1));
    }

    @Test
    void nothingThatComesOfAKickedSessionBringsItBack() {
        Place place = place(ROOM);
        long kicked = bound(PHONE, place);
        kick("", "signed out", Duration.ZERO);

        assertThat(redis.await(routes.unbind(PHONE, kicked, false))).isInstanceOf(UnbindOutcome.NotOwner.class);
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), place.loop(), place.slot(), 1);
        assertThat(bindOnce(PHONE, anew, kicked, 0)).isInstanceOfSatisfying(BindOutcome.Kicked.class, outcome -> {
            assertThat(outcome.generation()).isGreaterThan(kicked);
            assertThat(outcome.reason()).isEqualTo("signed out");
        });

        assertThat(redis.routes(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatLostItsRouteForAMomentIsKickedToo() {
        Place place = place(ROOM);
        long generation = bound(PHONE, place);
        redis.raw().del(redis.keys(PHONE).routes("demo", "u1")); // as sweep.lua leaves it
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), place.loop(), place.slot(), 1);

        assertThat(kick("phone", "kicked", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(0));

        assertThat(bindOnce(PHONE, anew, generation, 0)).isInstanceOf(BindOutcome.Kicked.class);
    }

    @Test
    void aSessionThatCameAfterTheKickIsBoundAnew() {
        bound(PHONE, place(ROOM));
        kick("", "kicked", Duration.ZERO);
        Place place = place(ROOM);
        long later = bound(PHONE, place);
        Place anew = new Place(new Incarnation(ROOM.room(), ROOM.number() + 5), place.loop(), place.slot(), 1);

        assertThat(bindOnce(PHONE, anew, later, 0)).isInstanceOf(Bound.class);
    }

    @Test
    void whereTheStreamIsFullNothingIsChanged() {
        bound(PHONE, place(ROOM));
        bound(TABLET, place(ROOM));
        bound(NEW, place(ROOM));
        assertThat(kick("new", "kicked", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(1));
        bound(NEW, place(ROOM));
        String kicks = redis.keys(PHONE).kicks("demo", "u1");
        Map<String, String> before = redis.raw().hgetall(kicks);
        Map<String, String> devices = redis.devices(PHONE);

        assertThat(kick("", "kicked", MINUTE)).isEqualTo(new KickOutcome.StreamFull());

        assertThat(redis.routes(PHONE)).hasSize(3);
        assertThat(redis.devices(PHONE)).isEqualTo(devices);
        assertThat(redis.raw().hgetall(kicks)).isEqualTo(before);
        assertThat(redis.events(PHONE)).hasSize(1);
        assertThat(kick("phone", "kicked", MINUTE)).as("one fits").isEqualTo(new KickOutcome.Kicked(1));
    }

    @Test
    void whatIsKeptOfKicksGoesWithItsTime() {
        bound(PHONE, place(ROOM));
        String kicks = redis.keys(PHONE).kicks("demo", "u1");
        kick("phone", "kicked", Duration.ZERO);
        assertThat(redis.raw().pttl(kicks)).isBetween(DAY_MS - 60_000, DAY_MS);
        kick("tablet", "kicked", Duration.ofDays(30));
        assertThat(redis.raw().pttl(kicks)).isBetween(30 * DAY_MS - 60_000, 30 * DAY_MS);
        kick("new", "kicked", Duration.ZERO);
        assertThat(redis.raw().pttl(kicks)).as("as long as the longest").isGreaterThan(29 * DAY_MS);

        redis.raw().hset(kicks, "phone", "0 " + (System.currentTimeMillis() - DAY_MS - 60_000) * 1024 + " old");
        kick("new", "kicked", Duration.ZERO);

        assertThat(redis.raw().hgetall(kicks)).containsOnlyKeys("tablet", "new");
        kick("", "kicked", MINUTE);
        assertThat(redis.raw().hgetall(kicks)).containsOnlyKeys("");
        assertThat(redis.raw().pttl(kicks)).isLessThanOrEqualTo(DAY_MS);
    }

    @Test
    void aLostShardChangesNothing() {
        bound(PHONE, place(ROOM));
        redis.lose(PHONE);

        assertThatThrownBy(() -> kick("", "kicked", MINUTE))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));

        assertThat(lost).hasValue(1);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void aJobKicksAUserOnceAndWhoCameBackStays() {
        bound(PHONE, place(ROOM));
        bound(TABLET, place(ROOM));
        assertThat(kickFor("job-1", MINUTE)).isEqualTo(new KickOutcome.Kicked(2));
        moveBlocksBack(MINUTE.toMillis() + 1);
        bound(PHONE, place(ROOM));
        Map<String, String> kicks = redis.raw().hgetall(redis.keys(PHONE).kicks("demo", "u1"));

        assertThat(kickFor("job-1", MINUTE)).as("the same answer").isEqualTo(new KickOutcome.Kicked(2));

        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.events(PHONE)).hasSize(2);
        assertThat(redis.raw().hgetall(redis.keys(PHONE).kicks("demo", "u1"))).isEqualTo(kicks);
        assertThat(kickFor("job-2", Duration.ZERO)).isEqualTo(new KickOutcome.Kicked(1));
    }

    @Test
    void whatABackEndSaysBetweenTwoTriesOfAJobStands() {
        bound(PHONE, place(ROOM));
        kickFor("job-1", HOUR);
        kick("", "let in again", Duration.ZERO);

        assertThat(kickFor("job-1", HOUR)).isEqualTo(new KickOutcome.Kicked(1));

        assertThat(bound(PHONE, place(ROOM))).as("not blocked").isPositive();
    }

    @Test
    void whatWasNotDoneForAJobIsDoneWhenItIsTriedAgain() {
        for (String device : List.of("phone", "tablet", "new", "desk")) {
            bound(device(device), place(ROOM));
        }
        assertThat(kickFor("job-1", HOUR)).isEqualTo(new KickOutcome.StreamFull());
        kick("desk", "kicked", Duration.ZERO);
        redis.raw().del(redis.keys(PHONE).events());

        assertThat(kickFor("job-1", HOUR)).isEqualTo(new KickOutcome.Kicked(3));
    }

    private KickOutcome kick(String device, String reason, Duration block) {
        return redis.await(index.kick(new Kick("demo", "u1", device, reason, block, "")));
    }

    private KickOutcome kickFor(String job, Duration block) {
        return redis.await(index.kick(new Kick("demo", "u1", "", "kicked", block, job)));
    }

    private void moveBlocksBack(long ms) {
        String kicks = redis.keys(PHONE).kicks("demo", "u1");
        redis.raw().hgetall(kicks).forEach((device, kick) -> {
            String[] words = kick.split(" ", 2);
            redis.raw().hset(kicks, device, Math.max(0, Long.parseLong(words[0]) - ms) + " " + words[1]);
        });
    }

    private static Endpoint device(String name) {
        return new Endpoint("demo", "u1", name);
    }

    private Place place(Incarnation room) {
        return new Place(room, 0, ++slots, 1);
    }

    private BindOutcome bindOnce(Endpoint endpoint, Place place, long previous, long noted) {
        Binding binding = new Binding(endpoint, place, "wifi", previous, 0, SecondDevice.DEFAULT);
        return redis.await(routes.bind(binding, noted));
    }

    /** Journaled on the way if it is new. */
    private long bound(Endpoint endpoint, Place place) {
        BindOutcome outcome = bindOnce(endpoint, place, 0, 0);
        if (outcome instanceof NotJournaled(long generation, var _)) {
            outcome = bindOnce(endpoint, place, 0, generation);
        }
        return ((Bound) outcome).generation();
    }
}
