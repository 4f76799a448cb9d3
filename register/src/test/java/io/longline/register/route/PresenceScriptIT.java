package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.register.deadrooms.RedisDeadRoomStore;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.RouteKeys;
import io.longline.register.kick.Kick;
import io.longline.register.kick.RedisKickIndex;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What scripts note of who comes and goes ({@code presence.lua}), in the step in which it happens. */
class PresenceScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Endpoint DESK = new Endpoint("demo", "u1", "desk");
    private static final Incarnation ROOM = new Incarnation("room-1", 1786000000000001L);
    private static final Optional<Callback.Per> DEVICE = Optional.of(Callback.Per.DEVICE);
    private static final Optional<Callback.Per> USER = Optional.of(Callback.Per.USER);
    private static final SecondDevice ONE = new SecondDevice(SecondDevice.Policy.REPLACE, 1);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 100, () -> {});
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
    void whoComesIsNotedWithTheGenerationAndSinceWhen() {
        long generation = bound(PHONE, DEVICE);

        assertThat(changed()).containsExactly(Map.entry("u1/phone", generation + " bound 0 1"));
        assertThat(redis.raw().zscore(key("due:demo"), "u1/phone")).isPositive();
        assertThat(redis.raw().smembers(key("products"))).containsExactly("demo");
    }

    @Test
    void nothingIsNotedWhereNobodyWantsToKnow() {
        long generation = bound(PHONE, Optional.empty());
        redis.await(index.unbind(PHONE, generation, false));

        assertThat(redis.raw().keys(key("*"))).isEmpty();
    }

    @Test
    void whoGoesIsNotedIfItWasToldOrIsToBe() {
        long generation = bound(PHONE, DEVICE);
        redis.await(index.unbind(PHONE, generation, false));

        assertThat(changed()).containsExactly(Map.entry("u1/phone", generation + " unbound 0 2"));
        told("u1/phone", generation);
        assertThat(changed()).isEmpty();
        long next = bound(PHONE, Optional.empty()); // its product wants to know no more, but was told
        redis.await(index.unbind(PHONE, next, true));
        assertThat(changed()).containsExactly(Map.entry("u1/phone", next + " forgotten 0 1"));
    }

    @Test
    void whyItsSessionEndedIsNotedAsItsRoomSaysItAndForgettingComesFirst() {
        long generation = bound(PHONE, DEVICE);
        redis.await(index.unbind(PHONE, generation, false, UnbindReason.of("heartbeat_missed")));
        assertThat(changed()).containsExactly(Map.entry("u1/phone", generation + " heartbeat_missed 0 2"));

        long next = bound(PHONE, DEVICE);
        redis.await(index.unbind(PHONE, next, false, UnbindReason.of("a word of later")));
        assertThat(changed()).containsExactly(Map.entry("u1/phone", next + " unbound 0 4"));

        long last = bound(PHONE, DEVICE);
        redis.await(index.unbind(PHONE, last, true, UnbindReason.CLIENT_UNBOUND));
        assertThat(changed()).containsExactly(Map.entry("u1/phone", last + " forgotten 0 6"));
    }

    @Test
    void aBindThatIsRepeatedIsNoChangeAndOneThatReplacesKeepsSinceWhen() {
        long generation = bound(PHONE, DEVICE);
        told("u1/phone", generation);
        slots--;
        assertThat(bound(PHONE, DEVICE)).isEqualTo(generation);
        assertThat(changed()).isEmpty();

        long newer = bound(PHONE, DEVICE);
        redis.raw().zadd(key("due:demo"), 5, "u1/phone");
        long newest = bound(PHONE, DEVICE);

        assertThat(newest).isGreaterThan(newer);
        assertThat(changed()).containsExactly(Map.entry("u1/phone", newest + " bound 1 0"));
        assertThat(redis.raw().zscore(key("due:demo"), "u1/phone")).isEqualTo(5);
    }

    @Test
    void whoComesAndGoesIsOneMarkThatCounts() {
        long generation = bound(PHONE, DEVICE);
        redis.raw().zadd(key("due:demo"), 5, "u1/phone");
        redis.await(index.unbind(PHONE, generation, false));
        long last = bound(PHONE, DEVICE);

        assertThat(changed()).containsExactly(Map.entry("u1/phone", last + " bound 0 3"));
        assertThat(redis.raw().zscore(key("due:demo"), "u1/phone")).isGreaterThan(5);
    }

    @Test
    void ofAUserTheFirstDeviceThatComesAndTheLastThatGoesAreNoted() {
        long phone = bound(PHONE, USER);
        long desk = bound(DESK, USER);
        assertThat(changed()).containsExactly(Map.entry("u1/", phone + " bound 0 1"));
        told("u1/", phone);

        redis.await(index.unbind(PHONE, phone, false));
        assertThat(changed()).isEmpty();
        redis.await(index.unbind(DESK, desk, false));
        assertThat(changed()).containsExactly(Map.entry("u1/", desk + " unbound 0 1"));
    }

    @Test
    void aDeviceThatMadeWayHasGoneAndItsUserHasNot() {
        long phone = bound(PHONE, DEVICE);
        told("u1/phone", phone);
        told("u1/", phone);
        long desk = bound(DESK, ONE);

        assertThat(changed())
                .containsOnly(
                        Map.entry("u1/phone", phone + " replaced 0 1"), Map.entry("u1/desk", desk + " bound 0 1"));
    }

    @Test
    void withARoomItsSessionsGo() {
        long phone = bound(PHONE, DEVICE);
        told("u1/phone", phone);
        told("u1/", phone);

        redis.await(sweep());

        assertThat(changed())
                .containsOnly(
                        Map.entry("u1/phone", phone + " node_lost 0 1"), Map.entry("u1/", phone + " node_lost 0 1"));
    }

    @Test
    void whomABackEndForgetsHasGone() {
        long phone = bound(PHONE, DEVICE);
        long desk = bound(DESK, DEVICE);
        told("u1/phone", phone);
        told("u1/desk", desk);
        told("u1/", phone);

        redis.await(index.forget("demo", "u1", Optional.of("phone"), OptionalLong.empty()));
        assertThat(changed()).containsExactly(Map.entry("u1/phone", phone + " forgotten 0 1"));
        redis.await(index.forget("demo", "u1", Optional.empty(), OptionalLong.empty()));

        assertThat(changed())
                .containsOnly(
                        Map.entry("u1/phone", phone + " forgotten 0 1"),
                        Map.entry("u1/desk", desk + " forgotten 0 1"),
                        Map.entry("u1/", desk + " forgotten 0 1"));
    }

    @Test
    void whoIsKickedHasGone() {
        long phone = bound(PHONE, DEVICE);
        told("u1/phone", phone);
        told("u1/", phone);

        redis.await(new RedisKickIndex(redis.store(), 100, () -> {})
                .kick(new Kick("demo", "u1", "phone", "why", Duration.ofMinutes(1), "")));

        assertThat(changed())
                .containsOnly(Map.entry("u1/phone", phone + " kicked 0 1"), Map.entry("u1/", phone + " kicked 0 1"));
    }

    /** As {@link RedisDeadRoomStore} does it for all shards. */
    private java.util.concurrent.CompletionStage<Object> sweep() {
        RouteKeys keys = redis.keys(PHONE);
        return redis.store()
                .script(
                        RedisScript.of(RedisDeadRoomStore.class, "sweep.lua"),
                        ScriptOutputType.MULTI,
                        keys.mark(),
                        List.of(
                                keys.dead(),
                                keys.rooms(),
                                keys.index(ROOM),
                                keys.routes(),
                                keys.devices(),
                                keys.online(),
                                keys.presence()),
                        RedisArgs.of(ROOM.room(), ROOM.number(), 100, 1_000).list());
    }

    /** As the coordinator leaves it when it has told so. */
    private void told(String name, long generation) {
        redis.raw().del(key("changed:demo"), key("due:demo"));
        redis.raw().hset(key("told:demo"), name, generation + " 1");
    }

    private Map<String, String> changed() {
        return redis.raw().hgetall(key("changed:demo"));
    }

    private String key(String name) {
        return redis.keys(PHONE).presence() + name;
    }

    private long bound(Endpoint endpoint, Optional<Callback.Per> per) {
        return bound(endpoint, SecondDevice.DEFAULT, per);
    }

    private long bound(Endpoint endpoint, SecondDevice policy) {
        return bound(endpoint, policy, DEVICE);
    }

    /** At the next place of the room. */
    private long bound(Endpoint endpoint, SecondDevice policy, Optional<Callback.Per> per) {
        Binding binding = new Binding(endpoint, new Place(ROOM, 0, ++slots, 1), "wifi", 0, 0, policy, per);
        BindOutcome outcome = redis.await(index.bind(binding, 0));
        if (outcome instanceof BindOutcome.NotJournaled(long noted, var _)) {
            outcome = redis.await(index.bind(binding, noted));
        }
        return ((BindOutcome.Bound) outcome).generation();
    }
}
