package io.longline.coordinator.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.OutboxStore;
import io.longline.coordinator.outbox.RedisOutbox;
import io.longline.coordinator.outbox.Stream;
import io.longline.coordinator.presence.PresenceStore.Held;
import io.longline.coordinator.presence.PresenceStore.Position;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.presence.PresenceKeys;
import io.longline.keeper.product.Callback.Per;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of presence on a real Redis. What register's scripts leave there is written by hand. */
@Timeout(60)
class RedisPresenceIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final int DEBOUNCE_MS = 100_000;
    private static final long JUST_NOW = 50_000;
    private static final long LONG_AGO = 200_000;
    private static final Duration DAY = Duration.ofDays(1);

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final PresenceStore store = store(100, 100, new PresenceConfig.Log(100, DAY));
    private final OutboxStore outbox = new RedisOutbox(redis);
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final Stream told = new Stream(shard, product, "presence");
    private final Audience devices = new Audience(product, Per.DEVICE, DEBOUNCE_MS, true);
    private final Audience users = new Audience(product, Per.USER, DEBOUNCE_MS, true);

    @SuppressWarnings("NullAway.Init")
    private Held held;

    private PresenceStore store(int perEndpoint, int perStream, PresenceConfig.Log log) {
        return new RedisPresence(redis, new OutboxConfig.Limits(perEndpoint, perStream, 1), log);
    }

    @BeforeEach
    void start() {
        redis.start();
        String mark = PresenceKeys.mark(shard);
        byte[] runId = bytes(redis.runId(mark));
        String _ = raw(mark, commands -> commands.set(mark, runId));
        held = new Held(
                shard,
                outbox.hold(shard, "me-" + product, Duration.ofSeconds(30), Duration.ZERO)
                        .orElseThrow()
                        .fence());
    }

    @AfterEach
    void stop() {
        outbox.release(shard, held.fence());
        redis.close();
    }

    @Test
    void whoCameIsToldWhenItHasBeenSoForTheDebounce() {
        route("phone", 41);
        changed("u1/phone", "41 bound 0 1", JUST_NOW);
        assertThat(tell(devices)).matches(t -> t.online() == 0 && t.marks() == 1 && t.overdueMs() == 0);

        changed("u1/phone", "41 bound 0 1", LONG_AGO);
        Told now = tell(devices);

        assertThat(now).matches(t -> t.online() == 1 && t.marks() == 0 && t.flaps() == 0 && !t.isFull());
        Event event = events().getFirst();
        assertThat(event.id()).startsWith("presence." + shard + ".");
        assertThat(event.field(EventFields.TYPE)).isEqualTo("presence.online");
        assertThat(event.field(EventFields.REASON)).isEqualTo("bound");
        assertThat(event.user() + "/" + event.device() + "/" + event.generation())
                .isEqualTo("u1/phone/41");
        assertThat(now.events())
                .hasSize(1)
                .first()
                .matches(e -> e.generation() == 41 && e.user().equals("u1"));
        assertThat(tell(devices)).matches(t -> t.online() == 0 && t.events().equals(now.events()));
        Told logged = tell(devices, now.events().getFirst().seq());
        assertThat(logged.events()).isEmpty();
        assertThat(store.products(shard)).doesNotContain(product);
    }

    @Test
    void whoCameAndWentOrWentAndCameIsNotToldOfButCounted() {
        changed("u1/phone", "41 unbound 0 2", LONG_AGO);
        assertThat(tell(devices)).matches(t -> t.online() + t.offline() == 0 && t.flaps() == 1);

        toldOnline("phone", 42);
        route("phone", 43);
        changed("u1/phone", "43 bound 0 2", LONG_AGO);
        assertThat(tell(devices)).matches(t -> t.online() + t.offline() == 0 && t.flaps() == 1);

        noRoute("phone");
        changed("u1/phone", "43 unbound 0 1", LONG_AGO);
        assertThat(tell(devices)).matches(t -> t.offline() == 1);
        assertThat(said()).containsExactly("online bound 42", "offline unbound 43");
    }

    @Test
    void whoIsReplacedIsOnlineOnceMoreAndNeverOffline() {
        toldOnline("phone", 41);
        route("phone", 45);
        changed("u1/phone", "45 bound 1 0", LONG_AGO);

        assertThat(tell(devices)).matches(t -> t.online() == 1 && t.flaps() == 0);

        assertThat(said()).containsExactly("online bound 41", "online replaced 45");
    }

    @Test
    void anOfflineNeverHasAnOlderGenerationThanTheOnlineBeforeIt() {
        toldOnline("phone", 45);
        noRoute("phone");
        changed("u1/phone", "41 node_lost 0 1", LONG_AGO);

        tell(devices);

        assertThat(said()).containsExactly("online bound 45", "offline node_lost 45");
    }

    @Test
    void aUserComesWithTheFirstDeviceAndGoesWithTheLast() {
        route("phone", 41);
        changed("u1/", "41 bound 0 1", LONG_AGO);
        assertThat(tell(users)).matches(t -> t.online() == 1);
        route("desk", 42);
        noRoute("phone");
        changed("u1/", "42 unbound 0 2", LONG_AGO); // by now another device is there
        assertThat(tell(users)).matches(t -> t.offline() == 0 && t.flaps() == 1);

        noRoute("desk");
        changed("u1/", "42 unbound 0 1", LONG_AGO);
        assertThat(tell(users)).matches(t -> t.offline() == 1);

        assertThat(said()).containsExactly("online bound 41", "offline unbound 42");
        assertThat(events()).allMatch(event -> event.device().isEmpty());
    }

    @Test
    void whatWasToldOfDevicesIsForgottenWhereUsersAreToldOf() {
        toldOnline("phone", 41);

        compareAll(users);

        route("phone", 41);
        assertThat(due("u1/phone")).isTrue();
        changed("u1/phone", "41 lost 1 0", LONG_AGO);
        assertThat(tell(users)).matches(t -> t.online() + t.offline() == 0);
        assertThat(onlineByWhatWasTold("u1/phone")).isFalse();
    }

    @Test
    void whereThereIsNoRoomTheChangeWaitsAndTheLastStateIsTold() {
        PresenceStore narrow = store(100, 2, new PresenceConfig.Log(100, DAY));
        for (String device : List.of("a", "b", "c")) {
            route(device, 41);
            changed("u1/" + device, "41 bound 0 1", LONG_AGO);
        }
        assertThat(tell(narrow)).matches(t -> t.online() == 2 && t.marks() == 1 && t.isFull());
        assertThat(tell(narrow).overdueMs()).isGreaterThan(1_000);

        assertThat(outbox.finish(
                        told,
                        held.fence(),
                        outbox.index(told, held.fence(), 0, 10).orElseThrow().refs()))
                .isTrue();
        noRoute("c");
        changed("u1/c", "41 unbound 0 2", LONG_AGO);

        assertThat(tell(narrow)).matches(t -> t.online() + t.offline() == 0 && t.flaps() == 1 && !t.isFull());
    }

    @Test
    void anEndpointOfWhichTooMuchWaitsHoldsNobodyUp() {
        PresenceStore narrow = store(1, 100, new PresenceConfig.Log(100, DAY));
        toldOnline("phone", 41);
        noRoute("phone");
        changed("u1/phone", "41 unbound 0 1", LONG_AGO + 1);
        route("desk", 42);
        changed("u1/desk", "42 bound 0 1", LONG_AGO);

        assertThat(tell(narrow)).matches(t -> t.online() == 1 && t.offline() == 0 && t.marks() == 1 && t.isFull());
    }

    @Test
    void withoutACallbackEventsAreForTheLogAlone() {
        route("phone", 41);
        changed("u1/phone", "41 bound 0 1", LONG_AGO);

        Told now = tell(new Audience(product, Per.DEVICE, DEBOUNCE_MS, false));

        assertThat(now.events()).hasSize(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void whereTheShardIsLostNobodyIsToldOffline() {
        toldOnline("phone", 41);
        noRoute("phone");
        changed("u1/phone", "41 unbound 0 1", LONG_AGO);
        Long _ = raw(PresenceKeys.mark(shard), commands -> commands.del(PresenceKeys.mark(shard)));

        assertThatThrownBy(() -> tell(devices))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
        assertThatThrownBy(() -> store.compare(held, devices, Position.FIRST))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
        assertThat(said()).containsExactly("online bound 41");
    }

    @Test
    void underTheLeaseOfAnotherNothingIsTold() {
        route("phone", 41);
        changed("u1/phone", "41 bound 0 1", LONG_AGO);
        Held older = new Held(shard, held.fence() - 1);

        assertThat(store.tell(older, devices, 0)).isEmpty();
        assertThat(store.compare(older, devices, Position.FIRST)).isEmpty();
        store.drop(older, product);
        assertThat(due("u1/phone")).isTrue();
        assertThat(events()).isEmpty();
    }

    @Test
    void whatWasToldAndIsNotSoIsNotedAndWhatIsNotedIsLeft() {
        toldOnline("gone", 41);
        noRoute("gone");
        toldOnline("newer", 42);
        route("newer", 43);
        toldOnline("same", 44);
        route("untold", 45);
        toldOnline("noted", 46);
        noRoute("noted");
        changed("u1/noted", "46 unbound 0 1", JUST_NOW);

        compareAll(devices);

        assertThat(List.of(due("u1/gone"), due("u1/newer"), due("u1/same"), due("u1/untold")))
                .containsExactly(true, true, false, true);
        assertThat(noted("u1/gone")).contains("41 lost 1 0");
        assertThat(noted("u1/noted")).contains("46 unbound 0 1");
        compareAll(users);
        assertThat(due("u1/")).isTrue();
    }

    @Test
    void aComparisonGoesThroughAllPages() {
        int many = 2_000;
        String online = PresenceKeys.online(shard, product);
        for (int i = 0; i < many; i++) {
            String user = "v" + i;
            String routes = PresenceKeys.routes(shard, product) + user;
            Boolean _ = raw(routes, commands -> commands.hset(routes, "phone", bytes("room 1 0 0 0 7 1")));
            Long _ = raw(online, commands -> commands.zadd(online, 0, bytes(user)));
        }

        compareAll(devices);

        String due = PresenceKeys.of(shard) + "due:" + product;
        long marks = raw(due, commands -> commands.zcard(due));
        assertThat(marks).isEqualTo(many);
    }

    @Test
    void aComparisonIsNotedUnderTheLeaseForAWhile() {
        assertThat(store.comparedUnder(shard).orElse(0)).isNotEqualTo(held.fence());

        store.noteComparison(held, Duration.ofMinutes(1));

        assertThat(store.comparedUnder(shard)).hasValue(held.fence());
    }

    @Test
    void whatNobodyWantsToKnowAnyMoreGoes() {
        toldOnline("phone", 41);
        route("desk", 42);
        changed("u1/desk", "42 bound 0 1", LONG_AGO);
        assertThat(store.tellers(shard)).contains(product);

        store.drop(held, product);

        assertThat(onlineByWhatWasTold("u1/phone")).isFalse();
        assertThat(due("u1/desk")).isFalse();
        assertThat(store.tellers(shard)).doesNotContain(product);
        assertThat(store.products(shard)).doesNotContain(product);
    }

    @Test
    void theLogHasEachEventOnceAndInItsOrder() {
        PresenceLog log = new RedisPresenceLog(redis);
        long before = log.read(product, Optional.empty(), 10).last();
        store.log(shard, product, events(1, 2, 3));
        store.log(shard, product, events(2, 3, 4)); // comes again
        store.log(shard, product, events(1)); // comes late

        PresenceLog.Page page = log.read(product, Optional.empty(), 10);
        PresenceLog.Page rest =
                log.read(product, Optional.of(page.events().get(1).id()), 10);

        assertThat(page.events()).extracting(e -> e.event().generation()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(page.events()).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id()));
        assertThat(page.events().getFirst().id()).isGreaterThan(before);
        assertThat(page.last()).isEqualTo(page.events().getLast().id());
        assertThat(log.read(product, Optional.empty(), 0))
                .isEqualTo(new PresenceLog.Page(page.last(), page.gone(), List.of()));
        assertThat(rest.events()).extracting(e -> e.event().generation()).containsExactly(3L, 4L);
        assertThat(log.read(product, Optional.of(before), 1).hasGap(before)).isFalse();
    }

    @Test
    void theLogForgetsItsOldestAndSaysSo() {
        PresenceLog log = new RedisPresenceLog(redis);
        PresenceStore three = store(1, 1, new PresenceConfig.Log(3, DAY));
        three.log(shard, product, events(1));
        long first = log.read(product, Optional.empty(), 10).events().getFirst().id();
        three.log(shard, product, events(2, 3, 4, 5));

        PresenceLog.Page page = log.read(product, Optional.of(first), 10);

        assertThat(page.events()).extracting(e -> e.event().generation()).containsExactly(3L, 4L, 5L);
        assertThat(page.hasGap(first)).isTrue();
        assertThat(page.hasGap(page.gone())).isFalse();
        PresenceStore brief = store(1, 1, new PresenceConfig.Log(3, Duration.ofMillis(-1)));
        brief.log(shard, product, events(6));
        assertThat(log.read(product, Optional.empty(), 10).events()).isEmpty();
    }

    @Test
    void aSnapshotHasWhoIsOnlineByWhatWasTold() {
        PresenceLog log = new RedisPresenceLog(redis);
        toldOnline("phone", 41);
        toldOnline("desk", 42);

        PresenceLog.Part part = log.snapshot(product, shard, "");

        assertThat(part.online())
                .extracting(each -> each.user() + "/" + each.device() + "/" + each.generation())
                .containsExactlyInAnyOrder("u1/phone/41", "u1/desk/42");
        assertThat(part.next()).isEmpty();
        assertThat(log.snapshot("p-none", shard, "").online()).isEmpty();
    }

    private static List<Told.ShardEvent> events(long... numbers) {
        return IntStream.range(0, numbers.length)
                .mapToObj(
                        i -> new Told.ShardEvent(numbers[i], "presence.online", "u1", "phone", numbers[i], "bound", 7))
                .toList();
    }

    // ---- as register's scripts leave it ----

    private void route(String device, long generation) {
        String routes = PresenceKeys.routes(shard, product) + "u1";
        String online = PresenceKeys.online(shard, product);
        byte[] route = bytes("room-1 1786000000000001 0 7 1 " + generation + " 1786000000000");
        Boolean _ = raw(routes, commands -> commands.hset(routes, device, route));
        Long _ = raw(online, commands -> commands.zadd(online, 0, bytes("u1")));
    }

    private void noRoute(String device) {
        String routes = PresenceKeys.routes(shard, product) + "u1";
        Long _ = raw(routes, commands -> commands.hdel(routes, device));
    }

    private void changed(String name, String how, long agoMs) {
        String due = PresenceKeys.of(shard) + "due:" + product;
        String changed = PresenceKeys.of(shard) + "changed:" + product;
        double since = (double) (System.currentTimeMillis() - agoMs);
        Long _ = raw(due, commands -> commands.zadd(due, since, bytes(name)));
        Boolean _ = raw(changed, commands -> commands.hset(changed, name, bytes(how)));
        String products = PresenceKeys.products(shard);
        Long _ = raw(products, commands -> commands.sadd(products, bytes(product)));
    }

    /** It is, and was told to be. */
    private void toldOnline(String device, long generation) {
        route(device, generation);
        changed("u1/" + device, generation + " bound 0 1", LONG_AGO);
        assertThat(tell(devices).online()).isEqualTo(1);
    }

    // ---- what comes of it ----

    private Told tell(PresenceStore by) {
        return by.tell(held, devices, 0).orElseThrow();
    }

    private Told tell(Audience audience) {
        return tell(audience, 0);
    }

    private Told tell(Audience audience, long logged) {
        return store.tell(held, audience, logged).orElseThrow();
    }

    private void compareAll(Audience audience) {
        Optional<Position> next = Optional.of(Position.FIRST);
        while (next.isPresent()) {
            next = store.compare(held, audience, next.get()).orElseThrow().next();
        }
    }

    private List<Event> events() {
        return outbox.bodies(
                        told,
                        held.fence(),
                        outbox.index(told, held.fence(), 0, 100).orElseThrow().refs())
                .orElseThrow();
    }

    private List<String> said() {
        return events().stream()
                .map(event -> event.field(EventFields.TYPE).substring("presence.".length()) + " "
                        + event.field(EventFields.REASON) + " " + event.generation())
                .toList();
    }

    private boolean due(String name) {
        String due = PresenceKeys.of(shard) + "due:" + product;
        List<Double> scores = raw(due, commands -> commands.zmscore(due, bytes(name)));
        return scores.getFirst() != null;
    }

    private Optional<String> noted(String name) {
        String changed = PresenceKeys.of(shard) + "changed:" + product;
        byte[] value = raw(changed, commands -> commands.hget(changed, name));
        return Optional.ofNullable(value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private boolean onlineByWhatWasTold(String name) {
        String key = PresenceKeys.told(shard, product);
        return raw(key, commands -> commands.hexists(key, name));
    }

    private <T> T raw(String key, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return RedisStore.await(redis.command(key, command), Deadline.after(Duration.ofSeconds(10)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
