package io.longline.coordinator.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.coordinator.backlog.BacklogStore.Portion;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.OutboxStore;
import io.longline.coordinator.outbox.RedisOutbox;
import io.longline.coordinator.outbox.Ref;
import io.longline.coordinator.outbox.Stream;
import io.longline.coordinator.uplink.KeptUplinks;
import io.longline.keeper.outbox.OutboxKeys;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of what is behind a stream, on a real Redis; eight may wait there, four of them in the stream. */
@Timeout(60)
class RedisBacklogIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Portion ALL = new Portion(100, 1 << 20);

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final BacklogStore store = new RedisBacklog(redis);
    private final OutboxStore outbox = new RedisOutbox(redis);
    private final KeptUplinks uplinks = new KeptUplinks(redis, new OutboxConfig.Limits(100, 8, 1_000));
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final Stream orders = new Stream(shard, product, "uplink.order");
    private long fence;

    @BeforeEach
    void start() {
        redis.start();
        Awaitility.await().until(() -> hold().isPresent());
        fence = hold().orElseThrow().fence();
    }

    @AfterEach
    void stop() {
        outbox.release(shard, fence);
        redis.close();
    }

    private Optional<OutboxStore.Held> hold() {
        return outbox.hold(shard, product, Duration.ofMinutes(1), Duration.ZERO);
    }

    private String keep(String id) {
        return uplinks.keep(product, "u1", id, true);
    }

    private void keep(int from, int to) {
        IntStream.range(from, to).forEach(i -> assertThat(keep("i" + i)).isEqualTo("kept"));
    }

    private Standing standing() {
        return store.standing(shard, fence).orElseThrow().stream()
                .filter(each -> each.stream().equals(orders))
                .findFirst()
                .orElseThrow();
    }

    private boolean isBehind() {
        return store.standing(shard, fence).orElseThrow().stream()
                .anyMatch(each -> each.stream().equals(orders));
    }

    private List<Event> head() {
        List<Ref> refs = outbox.index(orders, fence, 0, 100).orElseThrow().refs();
        return outbox.bodies(orders, fence, refs).orElseThrow();
    }

    private void finishHead() {
        List<Ref> refs = outbox.index(orders, fence, 0, 100).orElseThrow().refs();
        assertThat(outbox.finish(orders, fence, refs)).isTrue();
    }

    private static List<String> ids(List<Event> events) {
        return events.stream().map(event -> event.field(EventFields.UPLINK_ID)).toList();
    }

    /** All of the tail. */
    private List<Event> moveOut() {
        List<Event> tail = store.tail(orders, fence, ALL).orElseThrow();
        assertThat(store.movedOut(orders, fence, tail)).hasValue(tail.size());
        return tail;
    }

    private Optional<String> key(String key) {
        return RedisStore.await(
                                redis.command(key, commands -> commands.type(key)),
                                Deadline.after(Duration.ofSeconds(10)))
                        .equals("none")
                ? Optional.empty()
                : Optional.of(key);
    }

    @Test
    void whatComesWhenAStreamIsHalfFullStandsInItsTailAndComesIntoItInOrder() {
        keep(0, 8);
        assertThat(keep("i8")).isEqualTo("stream_full");
        assertThat(ids(head())).containsExactly("i0", "i1", "i2", "i3");
        Standing standing = standing();
        assertThat(standing.events()).isEqualTo(4);
        assertThat(standing.tail().events()).isEqualTo(4);
        assertThat(standing.tail().bytes()).isEqualTo(4L * "says i0".length());
        assertThat(standing.rows()).isZero();
        assertThat(hold().orElseThrow().behind()).isTrue();

        finishHead();
        assertThat(hold().orElseThrow().streams()).contains(orders);
        assertThat(store.shift(orders, fence, new Portion(3, 1_000), 0)).hasValue(3);
        keep(8, 9);
        assertThat(store.shift(orders, fence, ALL, 0)).hasValue(2);

        assertThat(ids(head())).containsExactly("i4", "i5", "i6", "i7", "i8");
        assertThat(isBehind()).isFalse();
        finishHead();
        assertThat(key(OutboxKeys.tail(shard, orders.name()))).isEmpty();
        assertThat(key(OutboxKeys.backlog(shard, orders.name()))).isEmpty();
        keep(9, 10);
        assertThat(ids(head())).containsExactly("i9");
    }

    @Test
    void whatIsInMysqlComesBackUnderItsSeqBetweenTheStreamAndTheTail() {
        keep(0, 8);
        List<Event> out = moveOut();
        assertThat(ids(out)).containsExactly("i4", "i5", "i6", "i7");
        keep(8, 10);
        assertThat(standing().rows()).isEqualTo(4);
        assertThat(standing().out()).isEqualTo(out.getLast().seq());
        assertThat(store.shift(orders, fence, ALL, 0)).as("MySQL comes first").isEmpty();

        finishHead();
        assertThat(store.cameBack(orders, fence, 0, out.subList(0, 3), true)).hasValue(3);
        assertThat(store.cameBack(orders, fence, 0, out.subList(0, 3), true))
                .as("once")
                .isEmpty();
        assertThat(head()).isEqualTo(out.subList(0, 3));
        assertThat(store.cameBack(orders, fence, out.get(2).seq(), out.subList(3, 4), false))
                .hasValue(1);
        assertThat(store.shift(orders, fence, ALL, 0)).hasValue(2);
        assertThat(isBehind()).as("MySQL has them still").isTrue();
        assertThat(standing().settled()).isEqualTo(out.getLast().seq());
        assertThat(store.shift(orders, fence, ALL, standing().settled())).hasValue(0);

        assertThat(ids(head())).containsExactly("i4", "i5", "i6", "i7", "i8", "i9");
        assertThat(isBehind()).isFalse();
    }

    @Test
    void ofAnEndpointNoMoreWaitThanMayWhereverTheyAre() {
        KeptUplinks few = new KeptUplinks(redis, new OutboxConfig.Limits(6, 8, 1_000));
        IntStream.range(0, 6)
                .forEach(i -> assertThat(few.keep(product, "u1", "i" + i, true)).isEqualTo("kept"));
        List<Event> out = moveOut();
        assertThat(few.keep(product, "u1", "i6", true)).isEqualTo("endpoint_full");

        finishHead();
        assertThat(few.keep(product, "u1", "i6", true)).isEqualTo("kept");
        assertThat(store.cameBack(orders, fence, 0, out, false)).hasValue(2);
        finishHead();

        assertThat(few.keep(product, "u1", "i7", true)).isEqualTo("kept");
        assertThat(standing().tail().events()).isEqualTo(2);
    }

    @Test
    void whatIsLargeIsBehindByItsBytes() {
        ByteString half = ByteString.copyFrom(new byte[450]);
        assertThat(uplinks.keep(product, "u1", "i0", half, true)).isEqualTo("kept");
        assertThat(uplinks.keep(product, "u1", "i1", half, true)).isEqualTo("kept");
        assertThat(uplinks.keep(product, "u1", "i2", half, true)).isEqualTo("stream_full");
        assertThat(standing().bytes()).isEqualTo(450);
        assertThat(standing().tail().bytes()).isEqualTo(450);

        List<Event> out = moveOut();

        assertThat(standing().tail().bytes()).isZero();
        assertThat(uplinks.keep(product, "u1", "i2", half, true)).isEqualTo("kept");
        finishHead();
        assertThat(store.cameBack(orders, fence, 0, out, false)).hasValue(1);
        assertThat(standing().bytes()).isEqualTo(450);
    }

    @Test
    void whoeverHasLostTheLeaseMovesNothing() {
        keep(0, 8);
        List<Event> tail = store.tail(orders, fence, ALL).orElseThrow();
        long other = fence - 1;

        assertThat(store.standing(shard, other)).isEmpty();
        assertThat(store.tail(orders, other, ALL)).isEmpty();
        assertThat(store.movedOut(orders, other, tail)).isEmpty();
        assertThat(store.cameBack(orders, other, 0, tail, false)).isEmpty();
        assertThat(store.shift(orders, other, ALL, 0)).isEmpty();
        assertThat(store.found(new Archive.Size(orders, 1, 5, 5), other)).isEmpty();

        assertThat(standing().tail().events()).isEqualTo(4);
        assertThat(head()).hasSize(4);
    }

    @Test
    void whatMysqlHasAndRedisDoesNotKnowComesBehindWhatIsThereUnderItsId() {
        keep(0, 8);
        List<Event> out = moveOut();
        forgetAll();
        keep(8, 10);
        Archive.Size size = new Archive.Size(
                orders, out.size(), out.getFirst().seq(), out.getLast().seq());

        assertThat(store.found(size, fence)).hasValue(true);
        assertThat(store.found(size, fence)).hasValue(false);
        assertThat(standing().rows()).isEqualTo(4);
        keep(10, 11);
        assertThat(store.cameBack(orders, fence, 0, out, false)).hasValue(4);
        assertThat(store.shift(orders, fence, ALL, standing().settled())).hasValue(1);

        List<Event> head = head();
        assertThat(ids(head)).containsExactly("i8", "i9", "i4", "i5", "i6", "i7", "i10");
        assertThat(head).isSortedAccordingTo((a, b) -> Long.compare(a.seq(), b.seq()));
        assertThat(head.get(2).id()).isEqualTo(out.getFirst().id());
        assertThat(head.get(2).field(EventFields.HAPPENED_AT_MS))
                .isEqualTo(Long.toString(out.getFirst().atMs()));
        finishHead();
        assertThat(key(orders.waitingKey())).isPresent();
        keep(11, 12);
        assertThat(ids(head())).containsExactly("i11");
    }

    private void forgetAll() {
        for (String key : List.of(
                orders.key(),
                orders.waitingKey(),
                OutboxKeys.tail(shard, orders.name()),
                OutboxKeys.backlog(shard, orders.name()),
                OutboxKeys.streams(shard),
                OutboxKeys.behind(shard))) {
            Long _ = RedisStore.await(
                    redis.command(key, commands -> commands.del(key)), Deadline.after(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whatMysqlHasBehindATailThatWasRolledBackStandsBeforeWhatComesThen() {
        keep(0, 8);
        List<Event> lost = store.tail(orders, fence, ALL).orElseThrow();
        Long _ = command(commands -> commands.xdel(
                OutboxKeys.tail(shard, orders.name()),
                lost.get(2).seq() + "-0",
                lost.get(3).seq() + "-0"));
        Long _ = command(commands -> commands.hdel(OutboxKeys.backlog(shard, orders.name()), "out"));
        Long _ = command(commands -> commands.hincrby(orders.waitingKey(), "u1/phone", -2));
        Archive.Size size = new Archive.Size(
                orders, 4, lost.getFirst().seq(), lost.getLast().seq());

        assertThat(store.found(size, fence)).hasValue(true);
        assertThat(store.found(size, fence)).hasValue(false);
        assertThat(standing().settled()).as("they are in MySQL only").isZero();
        assertThat(store.shift(orders, fence, ALL, 0)).as("MySQL comes first").isEmpty();
        keep(8, 10);

        finishHead();
        assertThat(store.cameBack(orders, fence, 0, lost, false)).hasValue(4);
        assertThat(store.shift(orders, fence, ALL, lost.getLast().seq())).hasValue(2);
        assertThat(ids(head())).containsExactly("i4", "i5", "i6", "i7", "i8", "i9");
        assertThat(isBehind()).isFalse();
        assertThat(waitingOfEndpoint()).isEqualTo("6");
    }

    @Test
    void ofWhatRedisLostOnlyThatIsCountedAgain() {
        keep(0, 8);
        List<Event> out = moveOut();
        Boolean _ = command(commands -> commands.hset(
                OutboxKeys.backlog(shard, orders.name()),
                "out",
                Long.toString(out.get(2).seq()).getBytes(StandardCharsets.UTF_8)));
        finishHead();
        Long _ = command(commands -> commands.hincrby(orders.waitingKey(), "u1/phone", -1));

        assertThat(store.found(
                        new Archive.Size(
                                orders, 4, out.getFirst().seq(), out.getLast().seq()),
                        fence))
                .hasValue(true);
        assertThat(store.cameBack(orders, fence, 0, out, false)).hasValue(4);

        assertThat(waitingOfEndpoint()).isEqualTo("4");
    }

    @Test
    void whatComesBackIntoAStreamThatIsLostIsBehindWhereItsReaderIs() {
        keep(0, 8);
        List<Event> out = moveOut();
        Long _ = command(commands -> commands.del(orders.key(), OutboxKeys.backlog(shard, orders.name())));
        long last = out.getLast().seq();
        assertThat(store.found(new Archive.Size(orders, 4, out.getFirst().seq(), last), fence))
                .hasValue(true);

        assertThat(store.cameBack(orders, fence, 0, out, false)).hasValue(4);

        List<Ref> unread = outbox.index(orders, fence, last, 100).orElseThrow().refs();
        List<Event> events = outbox.bodies(orders, fence, unread).orElseThrow();
        assertThat(ids(events)).containsExactly("i4", "i5", "i6", "i7");
        assertThat(events)
                .extracting(Event::id)
                .isEqualTo(out.stream().map(Event::id).toList());
    }

    private <T> T command(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return RedisStore.await(redis.command(orders.key(), command), Deadline.after(Duration.ofSeconds(10)));
    }

    private String waitingOfEndpoint() {
        return new String(
                command(commands -> commands.hget(
                        orders.waitingKey(),
                        head().getFirst().user() + "/" + head().getFirst().device())),
                StandardCharsets.UTF_8);
    }

    @Test
    void whatWasWrittenAndNobodyKnewComesBackOnce() {
        keep(0, 8);
        List<Event> written = store.tail(orders, fence, new Portion(2, 1_000)).orElseThrow();
        Archive.Size size = new Archive.Size(
                orders, 2, written.getFirst().seq(), written.getLast().seq());
        assertThat(store.found(size, fence)).as("the tail has them").hasValue(false);
        finishHead();

        assertThat(store.cameBack(orders, fence, 0, written, false)).hasValue(2);
        assertThat(store.movedOut(orders, fence, written)).hasValue(0);
        assertThat(store.shift(orders, fence, ALL, written.getLast().seq())).hasValue(2);

        assertThat(ids(head())).containsExactly("i4", "i5", "i6", "i7");
        assertThat(isBehind()).isFalse();
    }

    @Test
    void whatNobodyTakesBeginsNoBacklog() {
        assertThat(uplinks.keep(product, "u1", "i0", false)).isEqualTo("unclaimed");
        assertThat(uplinks.keep(product, "u1", "i1", false)).isEqualTo("unclaimed");
        assertThat(uplinks.keep(product, "u1", "i2", false)).isEqualTo("stream_full");
        assertThat(isBehind()).isFalse();
    }
}
