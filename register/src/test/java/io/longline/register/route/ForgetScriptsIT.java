package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.BindOutcome.NotJournaled;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** forget.lua and forgotten.lua, and what bind.lua makes of a device between the two. */
class ForgetScriptsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Endpoint DESK = new Endpoint("demo", "u1", "desk");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Place PLACE = new Place(ROOM, 0, 7, 1);
    private static final Place NEXT_PLACE = new Place(new Incarnation("room-1", 1786000000000002L), 0, 7, 1);
    private static final int MOST_EVENTS = 2;

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), MOST_EVENTS, () -> {});

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private Forgetting forget(Optional<String> device) {
        return redis.await(index.forget("demo", "u1", device, OptionalLong.empty()))
                .orElseThrow();
    }

    private long forgotten(Forgetting told) {
        return redis.await(index.forgotten("demo", "u1", told.generation(), told.devices()));
    }

    private long generationNow() {
        return redis.await(index.devices("demo", "u1")).generation();
    }

    private BindOutcome bind(Endpoint endpoint, Place place, long noted, long previous) {
        return redis.await(index.bind(new Binding(endpoint, place, "wifi", previous, 0, SecondDevice.DEFAULT), noted));
    }

    private long bound(Endpoint endpoint, Place place) {
        BindOutcome outcome = bind(endpoint, place, 0, 0);
        if (outcome instanceof NotJournaled(long generation, var _)) {
            outcome = bind(endpoint, place, generation, 0);
        }
        return ((BindOutcome.Bound) outcome).generation();
    }

    @Test
    void aDeviceLosesItsRouteAndItsSessionIsToBeEnded() {
        bound(DESK, new Place(ROOM, 0, 9, 1));
        long generation = bound(PHONE, PLACE);

        Forgetting forgetting = forget(Optional.of("phone"));

        assertThat(forgetting.devices()).containsExactly("phone");
        assertThat(forgetting.known()).isEqualTo(1);
        assertThat(forgetting.sessions()).isEqualTo(1);
        assertThat(forgetting.generation()).isGreaterThan(generation);
        assertThat(redis.routes(PHONE)).containsOnlyKeys("desk");
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).containsExactly("u1");
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).containsExactly("demo/u1/desk");
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .isEqualTo(Map.ofEntries(
                                Map.entry("type", "forgotten"),
                                Map.entry("product", "demo"),
                                Map.entry("user", "u1"),
                                Map.entry("device", "phone"),
                                Map.entry("room", "room-1"),
                                Map.entry("incarnation", "1786000000000001"),
                                Map.entry("loop", "0"),
                                Map.entry("slot", "7"),
                                Map.entry("slot_generation", "1"),
                                Map.entry("generation", Long.toString(generation)),
                                Map.entry("new_generation", Long.toString(forgetting.generation())))));
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .extracting(KnownDevice::device)
                .containsExactly("desk");
    }

    @Test
    void untilAllIsToldTheSameIsAnsweredAgainAndThenNothing() {
        bound(PHONE, PLACE);
        bound(DESK, new Place(ROOM, 0, 9, 1));
        Forgetting first = forget(Optional.empty());

        Forgetting again = forget(Optional.empty());

        assertThat(first.known()).isEqualTo(2);
        assertThat(redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1)).isEmpty();
        assertThat(again.known()).isZero();
        assertThat(again.sessions()).isZero();
        assertThat(again.devices()).containsExactlyInAnyOrder("phone", "desk");
        assertThat(forgotten(first)).isZero(); // the later call has to be told first
        assertThat(forgotten(again)).isEqualTo(2);
        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(forget(Optional.empty()).devices()).isEmpty();
    }

    @Test
    void whoComesBackMeanwhileIsNewAndStays() {
        bound(PHONE, PLACE);
        Forgetting forgetting = forget(Optional.of("phone"));

        NotJournaled fresh = (NotJournaled) bind(PHONE, NEXT_PLACE, 0, 0);
        assertThat(fresh.generation()).isGreaterThan(forgetting.generation());
        assertThat(bind(PHONE, NEXT_PLACE, fresh.generation(), 0)).isInstanceOf(BindOutcome.Bound.class);

        assertThat(forgotten(forgetting)).isZero();
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
    }

    @Test
    void whoWasBoundSinceItWasAskedForStaysHoweverLateItIsCarriedOut() {
        bound(PHONE, PLACE);
        bound(DESK, new Place(ROOM, 0, 9, 1));
        long asked = generationNow();
        Forgetting inTime = forget(Optional.of("phone"));
        forgotten(inTime);
        assertThat(bound(PHONE, NEXT_PLACE)).isGreaterThan(asked);

        Forgetting late = redis.await(index.forget("demo", "u1", Optional.empty(), OptionalLong.of(asked)))
                .orElseThrow();

        assertThat(late.devices()).containsExactly("desk");
        assertThat(late.back()).containsExactly("phone");
        assertThat(late.atMs()).isEqualTo(asked / 1024).isLessThanOrEqualTo(inTime.atMs());
        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .extracting(KnownDevice::device)
                .containsExactly("phone");
    }

    @Test
    void whatFailedHalfWayIsGoneOnWithThoughItIsNewerThanWasAskedFor() {
        bound(PHONE, PLACE);
        long asked = generationNow();
        forget(Optional.of("phone"));

        Forgetting again = redis.await(index.forget("demo", "u1", Optional.of("phone"), OptionalLong.of(asked)))
                .orElseThrow();

        assertThat(again.devices()).containsExactly("phone");
        assertThat(again.back()).isEmpty();
        assertThat(again.known()).isZero();
    }

    @Test
    void aForgottenSessionThatItsRoomBindsAnewIsTold() {
        long generation = bound(PHONE, PLACE);
        Forgetting forgetting = forget(Optional.of("phone"));

        assertThat(bind(PHONE, NEXT_PLACE, 0, generation))
                .isInstanceOfSatisfying(
                        BindOutcome.Forgotten.class,
                        forgotten -> assertThat(forgotten.generation()).isEqualTo(forgetting.generation()));
    }

    @Test
    void likewiseWhenTheForgettingHasComeToItsEnd() {
        long generation = bound(PHONE, PLACE);
        Forgetting forgetting = forget(Optional.of("phone"));
        forgotten(forgetting);

        assertThat(bind(PHONE, NEXT_PLACE, 0, generation)).isInstanceOf(BindOutcome.Forgotten.class);
        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(bound(PHONE, NEXT_PLACE)).isGreaterThan(forgetting.generation());
    }

    @Test
    void onlyWhoWasNotSeenForLongAndIsNotConnectedIsForgottenForThat() {
        bound(PHONE, PLACE);
        bound(DESK, new Place(ROOM, 0, 9, 1));
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "watch", daysAgo(91) + " 7 1 wifi");
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "desk", daysAgo(91) + " 7 1 wifi");
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "pad", daysAgo(89) + " 7 1 wifi");

        Forgetting forgetting = redis.await(index.forgetUnseen("demo", "u1", Duration.ofDays(90)))
                .orElseThrow();

        assertThat(forgetting.devices()).containsExactly("watch");
        assertThat(forgetting.known()).isEqualTo(1);
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .extracting(KnownDevice::device)
                .containsExactlyInAnyOrder("phone", "desk", "pad");
    }

    @Test
    void whereEverybodyWasSeenNothingIsChanged() {
        bound(PHONE, PLACE);
        String generation = redis.raw().get(redis.keys(PHONE).generation());

        assertThat(redis.await(index.forgetUnseen("demo", "u1", Duration.ofDays(90)))
                        .orElseThrow()
                        .devices())
                .isEmpty();

        assertThat(redis.raw().get(redis.keys(PHONE).generation())).isEqualTo(generation);
    }

    @Test
    void whatFailedHalfWayIsTakenUpAfterAMinute() {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "phone", minutesAgo(2) + " 7 2 ");
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "desk", minutesAgo(0) + " 7 2 ");

        Forgetting forgetting = redis.await(index.forgetUnseen("demo", "u1", Duration.ofDays(90)))
                .orElseThrow();

        assertThat(forgetting.devices()).containsExactly("phone");
        assertThat(forgetting.known()).isZero();
    }

    private static long daysAgo(int days) {
        return System.currentTimeMillis() - Duration.ofDays(days).toMillis();
    }

    private static long minutesAgo(int minutes) {
        return System.currentTimeMillis() - Duration.ofMinutes(minutes).toMillis();
    }

    @Test
    void aDeviceThatNobodyKnewIsNotCounted() {
        Forgetting forgetting = forget(Optional.of("phone"));

        assertThat(forgetting.known()).isZero();
        assertThat(forgetting.devices()).containsExactly("phone");
        assertThat(forgotten(forgetting)).isEqualTo(1);
        assertThat(redis.devices(PHONE)).isEmpty();
    }

    @Test
    void whereTooManySessionsWaitForTheirEndNothingIsChanged() {
        bound(PHONE, PLACE);
        for (int i = 0; i < MOST_EVENTS; i++) {
            redis.raw().xadd(redis.keys(PHONE).events(), Map.of("type", "replaced"));
        }

        assertThat(redis.await(index.forget("demo", "u1", Optional.of("phone"), OptionalLong.empty())))
                .isEmpty();

        assertThat(redis.routes(PHONE)).containsOnlyKeys("phone");
        assertThat(redis.await(index.devices("demo", "u1")).devices()).hasSize(1);
    }

    private void follows(Map<String, String> records) {
        redis.raw().hset(redis.keys(PHONE).follows("demo", "u1"), records);
        redis.raw().zadd(redis.keys(PHONE).followers("demo", "news"), 0, "u1");
    }

    private static FollowNote ended(String device, Forgetting forgetting) {
        return FollowNote.ended(new Endpoint("demo", "u1", device), "news", forgetting.generation());
    }

    @Test
    void aForgottenDeviceFollowsNothingAnyMoreAndItsUserAndTheOthersDo() {
        bound(PHONE, PLACE);
        follows(Map.of("phone/news", "7 1 50 0", "desk/news", "7 1 50 0", "/offers", "7 1 50 0"));

        Forgetting forgetting = forget(Optional.of("phone"));

        assertThat(forgetting.unfollowed()).containsExactly(ended("phone", forgetting));
        assertThat(redis.followers(PHONE, "news")).containsExactly("u1");
        NotJournaled fresh = (NotJournaled) bind(PHONE, NEXT_PLACE, 0, 0);
        BindOutcome.Bound bound = (BindOutcome.Bound) bind(PHONE, NEXT_PLACE, fresh.generation(), 0);
        assertThat(bound.topics()).extracting(FollowedTopic::topic).containsExactly("offers");
        forgotten(forgetting);
        assertThat(redis.follows(PHONE)).containsOnlyKeys("desk/news", "/offers");
    }

    @Test
    void withAUserGoesAllThatItAndItsDevicesFollowAlsoThoseThatNobodyKnows() {
        follows(Map.of("phone/news", "7 1 50 0", "/news", "8 1 50 0", "desk/news", "9 - 0 9"));

        Forgetting first = forget(Optional.empty());
        Forgetting again = forget(Optional.empty());

        assertThat(redis.followers(PHONE, "news")).isEmpty();
        assertThat(first.devices()).isEmpty();
        assertThat(first.unfollowed())
                .containsExactlyInAnyOrder(ended("phone", first), ended("", first), ended("desk", first));
        assertThat(again.unfollowed()).hasSize(3); // nobody has told that the journal knows
        forgotten(first);
        assertThat(redis.follows(PHONE)).hasSize(3);
        forgotten(again);
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void whoStaysWhenItsUserIsForgottenKeepsItsOwnTopicsAndIsToldThatTheUsersAreGone() {
        bound(PHONE, PLACE);
        long asked = generationNow();
        long generation = bound(PHONE, NEXT_PLACE);
        follows(Map.of("phone/news", "7 1 50 0", "/offers", "7 1 50 0", "/later", (asked + 1) + " 1 50 0"));
        redis.raw().del(redis.keys(PHONE).events());

        Forgetting late = redis.await(index.forget("demo", "u1", Optional.empty(), OptionalLong.of(asked)))
                .orElseThrow();

        assertThat(late.back()).containsExactly("phone");
        assertThat(late.unfollowed()).extracting(FollowNote::topic).containsExactly("offers");
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsEntry("type", "follows")
                        .containsEntry("device", "phone")
                        .containsEntry("generation", Long.toString(generation)));
        forgotten(late);
        assertThat(redis.follows(PHONE)).containsOnlyKeys("phone/news", "/later");
    }

    @Test
    void aDeviceThatWasNotSeenForLongFollowsNothingAnyMore() {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "phone", daysAgo(91) + " 7 1 wifi");
        follows(Map.of("phone/news", "7 1 50 0", "/offers", "7 1 50 0", "watch/news", "7 1 50 0"));

        Forgetting forgetting = redis.await(index.forgetUnseen("demo", "u1", Duration.ofDays(90)))
                .orElseThrow();

        assertThat(forgetting.unfollowed()).containsExactly(ended("phone", forgetting));
        assertThat(redis.follows(PHONE)).containsEntry("/offers", "7 1 50 0").containsEntry("watch/news", "7 1 50 0");
    }

    @Test
    void aLostShardForgetsNothing() {
        bound(PHONE, PLACE);
        redis.lose(PHONE);

        assertThatThrownBy(() -> forget(Optional.of("phone")))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
        assertThat(redis.routes(PHONE)).isNotEmpty();
    }
}
