package io.longline.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxStore;
import io.longline.coordinator.outbox.RedisOutbox;
import io.longline.coordinator.outbox.Ref;
import io.longline.coordinator.outbox.Stream;
import io.longline.coordinator.uplink.KeptUplinks;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of groups on a real Redis, on the stream of one shard. */
@Timeout(60)
class RedisGroupsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final GroupStore store = new RedisGroups(redis);
    private final OutboxStore outbox = new RedisOutbox(redis);
    private final KeptUplinks uplinks = new KeptUplinks(redis);
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final Group one = new Group(product, "order", "one");
    private final Group two = new Group(product, "order", "two");
    private final Stream stream = one.stream(shard);
    private long fence;

    @BeforeEach
    void start() {
        redis.start();
        Awaitility.await().until(() -> hold().isPresent());
        fence = hold().orElseThrow().fence();
    }

    private Optional<OutboxStore.Held> hold() {
        return outbox.hold(shard, product, Duration.ofMinutes(1), Duration.ZERO);
    }

    @AfterEach
    void stop() {
        outbox.release(shard, fence);
        redis.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(10)));
    }

    private String keep(String id) {
        return uplinks.keep(product, "u1", id, true);
    }

    private void keep(int count) {
        IntStream.range(0, count).forEach(i -> assertThat(keep("i" + i)).isEqualTo("kept"));
    }

    private GroupStore.Given pull(Group group, int most, Duration lease) {
        return await(store.pull(group, shard, new GroupStore.Portion(most, 1 << 20), lease))
                .orElseThrow();
    }

    private static List<String> ids(GroupStore.Given given) {
        return given.uplinks().stream()
                .map(uplink -> uplink.field(EventFields.UPLINK_ID))
                .toList();
    }

    private List<Lease> leases(GroupStore.Given given) {
        return given.uplinks().stream()
                .map(uplink -> new Lease(shard, uplink.seq(), given.tillUs()))
                .toList();
    }

    private List<Boolean> finish(Group group, GroupStore.Given given, boolean hasCallback) {
        return await(store.finish(group, leases(given), hasCallback));
    }

    private GroupStore.Ready ready(Group group) {
        return await(store.ready(group, shard)).orElseThrow();
    }

    private Standing standing() {
        return await(store.standing(stream));
    }

    private Standing.OfGroup standing(Group group) {
        Standing.OfGroup standing = standing().groups().get(group.name());
        assertThat(standing).isNotNull();
        return standing;
    }

    private List<Ref> forCallback() {
        return outbox.index(stream, fence, 0, 100).orElseThrow().refs();
    }

    @Test
    void whatIsStirredIsAnotherForAllGroupsOfTheType() {
        String before = await(store.stirred(one));
        await(store.stir(product, "order"));
        String after = await(store.stirred(two));
        assertThat(after).isNotEqualTo(before).isEqualTo(await(store.stirred(one)));
        await(store.stir(product, "order"));
        assertThat(await(store.stirred(one))).isNotEqualTo(after);
    }

    @Test
    void aGroupBeginsAtTheOldestKeptAndIsGivenEachOnceInOrder() {
        keep(3);
        assertThat(await(store.ready(one, shard))).isEmpty();
        assertThat(await(store.pull(one, shard, new GroupStore.Portion(9, 1_000), LONG)))
                .isEmpty();
        assertThat(await(store.create(one, shard))).isEqualTo(1);
        assertThat(await(store.create(one, shard))).isZero();
        keep("later");
        long oldest = forCallback().getFirst().seq();
        assertThat(ready(one)).isEqualTo(new GroupStore.Ready(4, oldest, "says i0".length(), GroupStore.Ready.NEVER));

        assertThat(ids(pull(one, 2, LONG))).containsExactly("i0", "i1");
        assertThat(standing(one)).isEqualTo(new Standing.OfGroup(4, 2, oldest));
        assertThat(ids(pull(one, 9, LONG))).containsExactly("i2", "later");

        assertThat(ids(pull(one, 9, LONG))).isEmpty();
        assertThat(ready(one).count()).isZero();
        assertThat(ready(one).nextMs()).as("when the leases end").isBetween(1L, LONG.toMillis());
        assertThat(standing(one)).isEqualTo(new Standing.OfGroup(4, 4, oldest));
    }

    @Test
    void anUplinkLeavesWhenTheCallbackAndEachGroupHasIt() {
        keep(2);
        await(store.create(one, shard));
        await(store.create(two, shard));
        GroupStore.Given ofOne = pull(one, 1, LONG);
        GroupStore.Given ofTwo = pull(two, 1, LONG);
        List<Ref> first = forCallback().subList(0, 1);

        assertThat(finish(one, ofOne, true)).containsExactly(true);
        assertThat(outbox.finish(stream, fence, first)).isTrue();
        assertThat(forCallback()).hasSize(1); // it is not told again
        assertThat(standing().waiting()).isEqualTo(2);
        assertThat(finish(two, ofTwo, true)).containsExactly(true);

        assertThat(standing().waiting()).isEqualTo(1);
        assertThat(finish(one, pull(one, 1, LONG), true)).containsExactly(true);
        assertThat(finish(two, pull(two, 1, LONG), true)).containsExactly(true);
        assertThat(standing().waiting()).isEqualTo(1); // the callback has it to come
        outbox.finish(stream, fence, forCallback());
        assertThat(standing().waiting()).isZero();
        assertThat(hold().orElseThrow().streams()).doesNotContain(stream);
    }

    @Test
    void aLeaseThatRunsOutComesBackAndIsNotFinishedByItsFormerHolder() {
        await(store.create(one, shard));
        keep(1);
        GroupStore.Given first = pull(one, 9, SHORT);
        Awaitility.await().until(() -> ready(one).count() == 1);

        GroupStore.Given second = pull(one, 9, LONG);

        assertThat(ids(second)).containsExactly("i0");
        assertThat(second.expired()).isEqualTo(1);
        assertThat(finish(one, first, false)).containsExactly(false);
        assertThat(await(store.requeue(one, leases(first), Duration.ZERO))).containsExactly(false);
        assertThat(standing(one).inFlight()).isEqualTo(1);
        assertThat(finish(one, second, false)).containsExactly(true);
        assertThat(finish(one, second, false)).containsExactly(false);
        assertThat(standing()).isEqualTo(new Standing(0, 0, Map.of("one", new Standing.OfGroup(0, 0, 0))));
    }

    @Test
    void whoIsLateStillFinishesWhatNobodyElseWasGiven() {
        await(store.create(one, shard));
        keep(1);
        GroupStore.Given late = pull(one, 9, SHORT);
        Awaitility.await().until(() -> standing(one).inFlight() == 0);

        assertThat(finish(one, late, false)).containsExactly(true);
    }

    @Test
    void whatIsGivenBackIsGivenAgainWhenItsTimeHasCome() {
        await(store.create(one, shard));
        keep(2);
        List<Lease> leases = leases(pull(one, 9, LONG));
        assertThat(await(store.requeue(one, leases.subList(0, 1), Duration.ofHours(1))))
                .containsExactly(true);
        assertThat(await(store.requeue(one, leases.subList(1, 2), Duration.ZERO)))
                .containsExactly(true);

        GroupStore.Given again = pull(one, 9, LONG);

        assertThat(ids(again)).containsExactly("i1");
        assertThat(again.expired()).isZero();
        assertThat(standing(one).depth()).isEqualTo(2);
        assertThat(standing(one).inFlight()).isEqualTo(1);
        assertThat(await(store.finish(one, leases, false))).containsExactly(false, false);
    }

    @Test
    void whenAGroupIsForgottenWhatOnlyItWantedLeaves() {
        await(store.create(one, shard));
        await(store.create(two, shard));
        keep(3);
        outbox.finish(stream, fence, forCallback().subList(0, 2));
        finish(one, pull(one, 1, LONG), true);
        pull(two, 1, LONG);

        assertThat(await(store.drop(two, shard, true))).isTrue();
        assertThat(await(store.drop(two, shard, true))).isFalse();

        assertThat(standing().waiting()).isEqualTo(2); // one has the second to come, and the callback the third as well
        assertThat(await(store.drop(one, shard, true))).isTrue();
        assertThat(standing().waiting()).isEqualTo(1);
        assertThat(forCallback()).hasSize(1);
    }

    @Test
    void whatWaitedForACallbackThatIsNoMoreLeavesWhenAllGroupsHaveIt() {
        await(store.create(one, shard));
        keep(3);
        finish(one, pull(one, 2, LONG), true);
        assertThat(standing().waiting()).isEqualTo(3);

        assertThat(outbox.sweep(stream, fence + 1)).isEmpty();
        assertThat(outbox.sweep(stream, fence)).contains(OutboxStore.Claims.GROUPS);

        assertThat(standing().waiting()).isEqualTo(1);
        assertThat(ids(pull(one, 9, LONG))).containsExactly("i2");
        assertThat(outbox.sweep(stream, fence)).contains(OutboxStore.Claims.GROUPS);
        assertThat(standing().waiting()).isEqualTo(1); // it is under way
    }

    @Test
    void lessIsKeptForNobodyAndItStaysUntilSomebodyComes() {
        assertThat(uplinks.keep(product, "u1", "a", false)).isEqualTo("unclaimed");
        assertThat(uplinks.keep(product, "u1", "b", false)).isEqualTo("unclaimed");
        assertThat(uplinks.keep(product, "u1", "c", false)).isEqualTo("stream_full");
        assertThat(outbox.sweep(stream, fence)).contains(OutboxStore.Claims.NONE);

        await(store.create(one, shard));

        assertThat(uplinks.keep(product, "u1", "c", false)).isEqualTo("kept");
        assertThat(ids(pull(one, 9, LONG))).containsExactly("a", "b", "c");
    }

    @Test
    void oneAnswerHasSoManyBytesAndOneUplinkAtLeast() {
        await(store.create(one, shard));
        ByteString large = ByteString.copyFromUtf8("x".repeat(600));
        for (String id : List.of("a", "b", "c")) {
            uplinks.keep(product, "u1", id, large, true);
        }

        GroupStore.Portion small = new GroupStore.Portion(9, 1_000);
        assertThat(await(store.pull(one, shard, small, SHORT)).orElseThrow().uplinks())
                .hasSize(2);
        Awaitility.await().until(() -> ready(one).count() == 3);
        GroupStore.Portion none = new GroupStore.Portion(9, 1);
        assertThat(await(store.pull(one, shard, none, SHORT)).orElseThrow().uplinks())
                .hasSize(1);
    }

    @Test
    void whereRedisHasNoMemoryLeftWhatWaitsIsStillGivenAndLeaves() {
        await(store.create(one, shard));
        keep(2);
        maxMemory("1");
        try {
            List<Lease> leases = leases(pull(one, 9, LONG));
            assertThat(await(store.requeue(one, leases.subList(0, 1), Duration.ZERO)))
                    .containsExactly(true);
            assertThat(finish(one, pull(one, 9, LONG), false)).containsExactly(true);
            assertThat(await(store.finish(one, leases.subList(1, 2), false))).containsExactly(true);
        } finally {
            maxMemory("0");
        }
        assertThat(standing().waiting()).isZero();
    }

    private void maxMemory(String bytes) {
        List<String> _ = await(redis.everywhere(it -> it.configSet("maxmemory", bytes)));
    }
}
