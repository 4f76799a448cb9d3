package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.UnbindOutcome.Forgotten;
import io.longline.register.route.UnbindOutcome.NotOwner;
import io.longline.register.route.UnbindOutcome.Unbound;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UnbindScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Place PLACE = new Place(ROOM, 0, 7, 1);
    private static final Place NEXT_PLACE = new Place(ROOM, 0, 8, 1);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 100, () -> {});

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void theOwnerTakesItsRouteAndIndexEntryWithIt() {
        long generation = bound(PLACE);

        assertThat(unbind(generation, false)).isInstanceOf(Unbound.class);
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
    }

    @Test
    void aUserIsOnlineUntilTheLastDeviceHasLeft() {
        Endpoint desk = new Endpoint("demo", "u1", "desk");
        long phone = bound(PLACE);
        long other = bound(desk, NEXT_PLACE);

        unbind(phone, false);
        assertThat(online()).containsExactly("u1");
        redis.await(index.unbind(desk, other, false));
        assertThat(online()).isEmpty();
    }

    @Test
    void aForgottenDeviceFollowsNothingAnyMoreAndTheJournalIsToBeTold() {
        long generation = bound(PLACE);
        String key = redis.keys(PHONE).follows("demo", "u1");
        redis.raw().hset(key, Map.of("phone/news", "7 1 50 0", "phone/offers", "9 - 0 9", "/news", "8 1 60 0"));
        redis.raw().hset(key, "phone2/news", "7 1 50 0");
        redis.raw().zadd(redis.keys(PHONE).followers("demo", "news"), 0, "u1");

        Forgotten forgotten = (Forgotten) unbind(generation, true);
        Forgotten again = (Forgotten) unbind(generation, true);

        assertThat(forgotten.topics()).containsExactlyInAnyOrder("news", "offers");
        assertThat(again.topics()).containsExactlyInAnyOrder("news", "offers");
        String onItsWay = again.generation() + " - 0 " + again.generation();
        assertThat(redis.follows(PHONE)).containsEntry("phone/news", onItsWay).hasSize(4);
        assertThat(redis.followers(PHONE, "news")).containsExactly("u1");
        redis.await(
                index.forgotten("demo", "u1", forgotten.generation(), List.of())); // the later one has to be told first
        assertThat(redis.follows(PHONE)).hasSize(4);
        redis.await(index.forgotten("demo", "u1", again.generation(), List.of()));
        assertThat(redis.follows(PHONE)).containsOnlyKeys("/news", "phone2/news");
    }

    private List<String> online() {
        return redis.raw().zrange(redis.keys(PHONE).online("demo"), 0, -1);
    }

    @Test
    void theDeviceStaysKnownAndWasSeenNow() {
        long generation = bound(PLACE);
        long before = System.currentTimeMillis();
        long unboundAt = unbind(generation, false).atMs();

        assertThat(unboundAt).isBetween(before - 1, System.currentTimeMillis() + 1);
        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .singleElement()
                .satisfies(device -> {
                    assertThat(device.route()).isEmpty();
                    assertThat(device.network()).isEqualTo("wifi");
                    assertThat(device.lastSeenMs()).isBetween(before - 1, System.currentTimeMillis() + 1);
                });
    }

    @Test
    void aLateUnbindOfTheOlderSessionChangesNothing() {
        long older = bound(PLACE);
        long newer = bound(NEXT_PLACE);
        var routes = redis.routes(PHONE);
        var devices = redis.devices(PHONE);

        assertThat(unbind(older, false)).isInstanceOf(NotOwner.class);
        assertThat(unbind(older, true))
                .isInstanceOfSatisfying(
                        NotOwner.class, notOwner -> assertThat(notOwner.newer()).isEqualTo(newer));
        assertThat(redis.routes(PHONE)).isEqualTo(routes);
        assertThat(redis.devices(PHONE)).isEqualTo(devices);
    }

    @Test
    void theSameUnbindAgainAnswersTheSame() {
        long generation = bound(PLACE);
        unbind(generation, false);

        assertThat(unbind(generation, false)).isInstanceOf(Unbound.class);
    }

    @Test
    void anUnbindThatComesAgainAfterANewerSessionCameAndWentIsNotTheOwners() {
        long older = bound(PLACE);
        unbind(older, false);
        long newer = bound(NEXT_PLACE);
        unbind(newer, false);

        assertThat(unbind(older, false)).isInstanceOf(NotOwner.class);
        assertThat(unbind(older, true))
                .isInstanceOfSatisfying(
                        NotOwner.class, notOwner -> assertThat(notOwner.newer()).isEqualTo(newer));
        assertThat(redis.devices(PHONE)).containsOnlyKeys("phone");
    }

    @Test
    void aSessionThatRedisLostIsStillTheNewestOne() {
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u1"), "phone", "900 9 1 ");

        assertThat(unbind(90, false)).isInstanceOf(Unbound.class);
        assertThat(unbind(90, true)).isInstanceOf(Forgotten.class);
        assertThat(redis.devices(PHONE)).isEmpty();
    }

    @Test
    void forgettingTakesTheDeviceWithANewerGenerationThanAnyBefore() {
        long generation = bound(PLACE);

        Forgotten forgotten = (Forgotten) unbind(generation, true);

        assertThat(forgotten.generation()).isGreaterThan(generation);
        assertThat(redis.devices(PHONE)).isEmpty();
        assertThat(redis.routes(PHONE)).isEmpty();
    }

    @Test
    void forgettingAgainIsToldToTheJournalAgain() {
        long generation = bound(PLACE);
        Forgotten first = (Forgotten) unbind(generation, true);

        Forgotten second = (Forgotten) unbind(generation, true);

        assertThat(second.generation()).isGreaterThan(first.generation());
    }

    @Test
    void aForgottenDeviceIsNewAgainUnderAGenerationOfItsOwn() {
        Forgotten forgotten = (Forgotten) unbind(bound(PLACE), true);

        BindOutcome again =
                redis.await(index.bind(new Binding(PHONE, NEXT_PLACE, "wifi", 0, 0, SecondDevice.DEFAULT), 0));

        assertThat(again)
                .isInstanceOfSatisfying(
                        BindOutcome.NotJournaled.class,
                        device -> assertThat(device.generation()).isGreaterThan(forgotten.generation()));
    }

    // ---- by the place ----

    @Test
    void whoNamesThePlaceTakesTheRouteThatIsExactlyThere() {
        long generation = bound(PLACE);

        assertThat(unbindAt(NEXT_PLACE, generation)).isInstanceOf(NotOwner.class);
        assertThat(unbindAt(PLACE, generation - 1)).isInstanceOf(NotOwner.class);
        assertThat(redis.routes(PHONE)).isNotEmpty();
        assertThat(unbindAt(PLACE, generation)).isInstanceOf(Unbound.class);
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.raw().smembers(redis.keys(PHONE).index(ROOM))).isEmpty();
        assertThat(unbindAt(PLACE, generation)).isInstanceOf(NotOwner.class);
    }

    @Test
    void aSessionThatIsBoundAnewElsewhereStaysThoughItHasTheSameGeneration() {
        long generation = bound(PLACE);
        Place anew = new Place(new Incarnation("room-1", ROOM.number() + 1), 0, 7, 1);
        redis.await(index.bind(new Binding(PHONE, anew, "wifi", generation, 0, SecondDevice.DEFAULT), 0));

        assertThat(unbindAt(PLACE, generation)).isInstanceOf(NotOwner.class);
        assertThat(redis.routes(PHONE).get("phone")).startsWith(anew + " " + generation + " ");
    }

    @Test
    void aRouteGoesByItsPlaceThoughTheDeviceRemembersANewerSession() {
        long generation = bound(PLACE);
        unbind(generation, false);
        plant(NEXT_PLACE + " " + (generation - 5) + " 1");

        assertThat(unbind(generation - 5, false)).isInstanceOf(NotOwner.class);
        assertThat(unbindAt(NEXT_PLACE, generation - 5)).isInstanceOf(Unbound.class);
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.devices(PHONE).get("phone")).matches("\\d+ " + generation + " 1 .*");
    }

    @Test
    void aRouteOfADeviceThatNobodyKnowsGoesByItsPlace() {
        plant(PLACE + " 12 1");

        assertThat(unbindAt(PLACE, 12)).isInstanceOf(Unbound.class);
        assertThat(redis.routes(PHONE)).isEmpty();
        assertThat(redis.devices(PHONE)).isEmpty();
    }

    private void plant(String route) {
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "phone", route);
    }

    private UnbindOutcome unbindAt(Place place, long generation) {
        return redis.await(index.unbindAt(PHONE, place, generation));
    }

    @Test
    void aLostShardUnbindsNothing() {
        long generation = bound(PLACE);
        redis.lose(PHONE);

        assertThatThrownBy(() -> unbind(generation, false))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
        assertThat(redis.routes(PHONE)).isNotEmpty();
    }

    private UnbindOutcome unbind(long generation, boolean forget) {
        return redis.await(index.unbind(PHONE, generation, forget));
    }

    private long bound(Place place) {
        return bound(PHONE, place);
    }

    private long bound(Endpoint endpoint, Place place) {
        BindOutcome outcome =
                redis.await(index.bind(new Binding(endpoint, place, "wifi", 0, 0, SecondDevice.DEFAULT), 0));
        if (outcome instanceof BindOutcome.NotJournaled(long generation, var _)) {
            outcome = redis.await(
                    index.bind(new Binding(endpoint, place, "wifi", 0, 0, SecondDevice.DEFAULT), generation));
        }
        return ((BindOutcome.Bound) outcome).generation();
    }
}
