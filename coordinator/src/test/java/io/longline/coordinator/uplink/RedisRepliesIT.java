package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.uplink.InboxClient.Stored;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Replies that wait for their inbox, on a real Redis. */
@Timeout(60)
class RedisRepliesIT {
    static final UplinkConfig.Replies CONFIG =
            new UplinkConfig.Replies(3, 1_000, Duration.ofMillis(50), Duration.ofMillis(100));

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final ReplyStore store = new RedisReplies(redis, CONFIG);
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Reply> brought = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() {
        redis.start();
        UplinkKeys.replies(shard).forEach(key -> read(key, commands -> commands.del(key)));
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private Reply reply(String id, String text) {
        Uplink.Place place = new Uplink.Place("room-1", 7, 1, 2, 3);
        Uplink.Sender to = new Uplink.Sender(product, "u1", "phone", 9_007_199_254_740_000L, place);
        return new Reply(id, "in-reply-to-" + id, to, text, 1_700_000_000_000L);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(10)));
    }

    private <T> T read(String key, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return get(redis.command(key, command));
    }

    private List<Boolean> note(Reply... replies) {
        return get(store.note(shard, List.of(replies), Duration.ZERO)).kept();
    }

    private List<Reply> due() {
        return get(store.due(shard)).replies().stream()
                .map(ReplyStore.Waiting::reply)
                .toList();
    }

    private static List<String> names(Reply... replies) {
        return Stream.of(replies).map(Reply::name).toList();
    }

    private boolean isEmpty() {
        return UplinkKeys.replies(shard).stream().allMatch(key -> read(key, commands -> commands.exists(key)) == 0);
    }

    private double count(String result) {
        return registry.counter("longline.coordinator.uplink.replies", "result", result)
                .count();
    }

    private ReplyFlow flow(Function<Reply, CompletableFuture<Stored>> inboxes, long fence) {
        return new ReplyFlow(new ReplyFlow.Tools(
                store, inboxes, of -> of == shard ? fence : 0, InstantSource.system(), new UplinkMetrics(registry)));
    }

    @Test
    void whatIsNotedComesBackAsItWasUntilItIsForgotten() {
        Reply reply = reply("a", "with a\nline, \u00e4 and \0");
        assertThat(note(reply, reply("b", ""))).containsExactly(true, true);
        assertThat(note(reply)).as("once more").containsExactly(true);
        assertThat(due()).containsExactlyInAnyOrder(reply, reply("b", ""));

        ReplyStore.Forgotten forgotten = get(store.forget(shard, names(reply, reply("b", ""), reply("c", ""))));
        assertThat(forgotten).isEqualTo(new ReplyStore.Forgotten(0, 2));
        assertThat(isEmpty()).isTrue();
    }

    @Test
    void whatWasDueIsNotAgainBeforeAPause() {
        Duration hour = Duration.ofHours(1);
        ReplyStore patient = new RedisReplies(redis, new UplinkConfig.Replies(3, 1_000, hour, hour));
        note(reply("a", "yes"));
        assertThat(get(patient.due(shard)).replies()).hasSize(1);
        ReplyStore.Due again = get(patient.due(shard));
        assertThat(again.replies()).isEmpty();
        assertThat(again.waiting()).isEqualTo(1);
        assertThat(again.next().orElseThrow()).isBetween(Duration.ofMinutes(50), hour);
    }

    @Test
    void pausesGrowWithAgeUpToABound() {
        note(reply("a", "yes"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get(store.due(shard)).replies().stream()
                        .anyMatch(waiting -> waiting.age().compareTo(Duration.ofMillis(300)) > 0));
        Duration next = get(store.due(shard)).next().orElseThrow();
        assertThat(next).isLessThanOrEqualTo(CONFIG.mostPause());
    }

    @Test
    void ofAProductOnlySoManyAndSoManyBytesWait() {
        assertThat(note(reply("a", ""), reply("b", "x".repeat(1_000)), reply("c", "")))
                .containsExactly(true, false, true);
        assertThat(note(reply("d", ""), reply("e", ""))).containsExactly(true, false);
        get(store.forget(shard, names(reply("a", ""))));
        assertThat(note(reply("e", ""))).containsExactly(true);
    }

    @Test
    void redisWithoutMemoryKeepsRepliesAllTheSame() {
        get(redis.everywhere(it -> it.configSet("maxmemory", "1")));
        try {
            assertThat(note(reply("a", "yes"))).containsExactly(true);
            assertThat(due()).hasSize(1);
            assertThat(get(store.forget(shard, names(reply("a", "yes")))).were())
                    .isEqualTo(1);
        } finally {
            get(redis.everywhere(it -> it.configSet("maxmemory", "0")));
        }
    }

    @Test
    void whatAnInboxHasIsForgotten() {
        try (ReplyFlow flow = flow(reply -> CompletableFuture.completedFuture(Stored.YES), 0)) {
            flow.bring(List.of(reply("a", "yes"), reply("b", "no")));
            await().until(() -> count("stored") == 2);
        }
        assertThat(isEmpty()).isTrue();
    }

    @Test
    void whatWaitsWhenACoordinatorDiesTheNextHolderOfItsLeaseBrings() {
        try (ReplyFlow dies = flow(_ -> new CompletableFuture<>(), 1)) {
            dies.bring(List.of(reply("a", "yes")));
        }
        int[] tries = new int[1];
        try (ReplyFlow next = flow(
                reply -> {
                    brought.add(reply);
                    return CompletableFuture.completedFuture(++tries[0] < 3 ? Stored.NOT_NOW : Stored.YES);
                },
                2)) {
            next.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> count("stored") == 1);
        }
        assertThat(brought).hasSize(3).containsOnly(reply("a", "yes"));
        assertThat(isEmpty()).isTrue();
    }

    @Test
    void whoHasNotTheLeaseTriesNothingOn() {
        note(reply("a", "yes"));
        try (ReplyFlow other = flow(
                reply -> {
                    brought.add(reply);
                    return CompletableFuture.completedFuture(Stored.YES);
                },
                0)) {
            other.start();
            await().during(Duration.ofMillis(600)).until(brought::isEmpty);
        }
        assertThat(due()).hasSize(1);
    }

    @Test
    void whatCannotBeReadHoldsUpNothingAndIsGivenUpWhenItsDayIsOver() {
        note(reply("a", "yes"), reply("b", "new"), reply("c", "old"));
        noteAnew(reply("b", "new"), Duration.ofHours(1));
        noteAnew(reply("c", "old"), Duration.ofHours(25));
        try (ReplyFlow flow = flow(reply -> CompletableFuture.completedFuture(Stored.YES), 1)) {
            flow.start();
            await().until(() -> count("stored") == 1 && count("failed") == 1);
        }
        await().until(() -> get(store.due(shard)).unreadable().stream()
                .map(ReplyStore.Unreadable::name)
                .toList()
                .equals(names(reply("b", "new"))));
    }

    /** As somebody noted it who writes it in another way. */
    private void noteAnew(Reply reply, Duration ago) {
        long since = System.currentTimeMillis() - ago.toMillis();
        byte[] says = (since + " {\"place\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        String key = UplinkKeys.replies(shard).getFirst();
        Boolean _ = read(key, commands -> commands.hset(key, reply.name(), says));
    }

    @Test
    void whatNoInboxWillEverTakeIsGivenUpAndCounted() {
        try (ReplyFlow flow = flow(reply -> CompletableFuture.completedFuture(Stored.NEVER), 0)) {
            flow.bring(List.of(reply("a", "yes")));
            await().until(() -> count("failed") == 1);
        }
        assertThat(isEmpty()).isTrue();
    }

    @Test
    void whatFindsNoRoomIsTriedOnceAndCounted() {
        try (ReplyFlow flow = flow(
                reply -> CompletableFuture.completedFuture(
                        reply.messageId().equals("big") ? Stored.YES : Stored.NOT_NOW),
                0)) {
            flow.bring(List.of(reply("big", "x".repeat(1_000)), reply("bigger", "x".repeat(1_001))));
        }
        assertThat(count("stored")).isEqualTo(1);
        assertThat(count("failed")).isEqualTo(1);
        assertThat(registry.counter("longline.coordinator.uplink.replies.unnoted")
                        .count())
                .isEqualTo(2);
        assertThat(isEmpty()).isTrue();
    }
}
