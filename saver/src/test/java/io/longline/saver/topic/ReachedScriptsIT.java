package io.longline.saver.topic;

import static io.longline.saver.topic.Logs.HOUR_MS;
import static io.longline.saver.topic.Logs.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.topic.TopicStore.Named;
import io.longline.saver.topic.TopicStore.Reach;
import io.longline.saver.topic.TopicStore.Send;
import io.longline.saver.topic.TopicStore.Untold;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** untold.lua, told.lua, sent.lua and names.lua. */
final class ReachedScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private Logs logs;
    private final Topic topic = Logs.someTopic();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        logs = new Logs(shard, 10_000, 16 << 20);
        shard.loseEverything();
        shard.mark();
    }

    private List<Untold> untold() {
        return Shard.await(logs.store.untold(topic.shard(), 0, 10));
    }

    private void told(long upto, Map<String, Reach> rooms, boolean all) {
        Shard.await(logs.store.told(topic, upto, rooms, all));
    }

    private Optional<Send> send(long offset) {
        return Shard.await(logs.store.send(topic.shard(), offset));
    }

    private List<Named> names(String product, String after, int limit) {
        return Shard.await(logs.store.names(product, topic.shard(), after, limit));
    }

    private long used() {
        return Long.parseLong(shard.hash(InboxKeys.used(topic.shard())).getOrDefault("topic", "0"));
    }

    private List<Topic> neighbours(String product) {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> new Topic(product, "n-" + i))
                .filter(other -> other.shard() == topic.shard())
                .limit(3)
                .toList();
    }

    @Test
    void whatIsPublishedIsUntoldUntilEveryRoomKnows() {
        assertThat(untold()).isEmpty();
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        assertThat(untold()).singleElement().satisfies(one -> {
            assertThat(one.topic()).isEqualTo(topic);
            assertThat(one.offset()).isEqualTo(second);
            assertThat(one.sinceMs()).isCloseTo(now, offset(60_000L));
        });
        assertThat(Shard.await(logs.store.untold(topic.shard(), 60_000, 10))).isEmpty();

        told(second, Map.of("room-1", new Reach(5, 4)), false);
        assertThat(untold()).hasSize(1);
        assertThat(send(second).orElseThrow().told()).isFalse();
        told(second, Map.of(), true);
        assertThat(untold()).isEmpty();
        assertThat(send(first).orElseThrow().told()).isTrue();
        assertThat(send(second).orElseThrow().told()).isTrue();
    }

    @Test
    void whatWasPublishedSinceStaysUntoldFromThenOn() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        long third = logs.publish(topic, "m3");
        told(first, Map.of(), true);

        assertThat(untold()).containsExactly(new Untold(topic, third, second / 1024));
        assertThat(send(first).orElseThrow().told()).isTrue();
        assertThat(send(second).orElseThrow().told()).isFalse();
    }

    @Test
    void whatARoomSaysLaterReplacesWhatItSaidAndOthersAreAdded() {
        long at = logs.publish(topic, "m1");
        long alone = used();
        told(at, Map.of("room-1", new Reach(5, 4)), false);
        told(at, Map.of("room-1", new Reach(6, 6), "room-2", new Reach(1, 0)), false);

        Send send = send(at).orElseThrow();
        assertThat(send.topic()).isEqualTo(topic);
        assertThat(send.messageId()).isEqualTo("m1");
        assertThat(send.expiresAtMs()).isEqualTo(send.sentAtMs() + HOUR_MS);
        assertThat(send.rooms()).isEqualTo(Map.of("room-1", new Reach(6, 6), "room-2", new Reach(1, 0)));
        assertThat(used()).isBetween(alone + 80, alone + 120);
        new Logs(shard, 1, 1 << 20).publish(topic, "m2");
        assertThat(used()).as("it left with its send").isEqualTo(alone);
        assertThat(send(at)).isEmpty();
    }

    private Map<String, Reach> rooms(long offset) {
        return send(offset).orElseThrow().rooms();
    }

    @Test
    void whatRoomsSaidOfTheNewestHoldsForThoseBeforeItOnceAllKnow() {
        long first = logs.publish(topic, "m1");
        logs.publish(neighbours("demo").getFirst(), "m1");
        long second = logs.publish(topic, "m2");
        long expired = logs.publishExpired(topic, "m3");
        long last = logs.publish(topic, "m4");
        logs.bodies(topic);
        told(first, Map.of("room-1", new Reach(3, 0)), false);
        told(second, Map.of("room-1", new Reach(5, 4)), false);
        told(last, Map.of("room-1", new Reach(3, 3), "room-2", new Reach(1, 1)), false);
        assertThat(rooms(first)).as("not all rooms know").isEqualTo(Map.of("room-1", new Reach(3, 0)));

        told(last, Map.of(), true);
        assertThat(rooms(first)).isEqualTo(rooms(last));
        assertThat(rooms(second)).isEqualTo(Map.of("room-1", new Reach(5, 4), "room-2", new Reach(1, 1)));
        assertThat(rooms(expired)).isEqualTo(rooms(last));
    }

    @Test
    void whatAllRoomsKnewBeforeStaysAsItIs() {
        long first = logs.publish(topic, "m1");
        told(first, Map.of("room-1", new Reach(3, 1)), true);
        long second = logs.publish(topic, "m2");
        told(second, Map.of("room-1", new Reach(7, 7)), true);
        assertThat(rooms(first)).isEqualTo(Map.of("room-1", new Reach(3, 1)));
        told(first, Map.of("room-1", new Reach(3, 2)), true);
        assertThat(rooms(second)).isEqualTo(Map.of("room-1", new Reach(7, 7)));
    }

    @Test
    void ofVeryManyBeforeItTheNewestHundredAreNoted() {
        List<Long> offsets = IntStream.range(0, 103)
                .mapToObj(i -> logs.publish(topic, "m" + i))
                .toList();
        told(offsets.getLast(), Map.of("room-1", new Reach(2, 2)), true);
        assertThat(offsets.subList(2, 103))
                .allSatisfy(offset -> assertThat(rooms(offset)).containsOnlyKeys("room-1"));
        assertThat(offsets.subList(0, 2))
                .allSatisfy(offset -> assertThat(rooms(offset)).isEmpty());
    }

    @Test
    void whatIsNotedOfThoseBeforeItLeavesWithThem() {
        logs.publish(topic, "m1");
        long alone = used();
        long second = logs.publish(topic, "m2");
        told(second, Map.of("room-1", new Reach(2, 2)), true);
        new Logs(shard, 1, 1 << 20).publish(topic, "m3");
        assertThat(used()).isEqualTo(alone);
    }

    @Test
    void ofWhatNobodyPublishedNothingIsNoted() {
        told(77, Map.of("room-1", new Reach(5, 4)), true);
        assertThat(send(77)).isEmpty();
        assertThat(shard.exists(TopicKeys.topic(topic))).isZero();
        long of = logs.publish(topic, "m1");
        Shard.await(logs.store.told(neighbours("demo").getFirst(), of, Map.of("room-1", new Reach(5, 4)), true));
        assertThat(send(of).orElseThrow().rooms()).isEmpty();
    }

    @Test
    void aTopicOfWhichNothingIsKnownAnyMoreIsNotUntold() {
        logs.publish(topic, "m1");
        Shard.await(shard.redis.command(TopicKeys.topic(topic), it -> it.del(TopicKeys.topic(topic))));
        assertThat(untold()).isEmpty();
        assertThat(shard.exists(TopicKeys.untold(topic.shard()))).isZero();
    }

    @Test
    void theTopicsOfAProductAreToldInTheOrderOfTheirNames() {
        List<Topic> others = neighbours("demo");
        long last = 0;
        for (Topic other : others) {
            logs.publish(other, "m1");
            last = logs.publish(other, "m2");
        }
        logs.publish(neighbours("demo-2").getFirst(), "m1");
        List<String> sorted = others.stream().map(Topic::name).sorted().toList();

        assertThat(names("demo", "", 10)).extracting(Named::topic).containsExactlyElementsOf(sorted);
        assertThat(names("demo", sorted.get(0), 1)).extracting(Named::topic).containsExactly(sorted.get(1));
        assertThat(names("demo", "", 10)).contains(new Named(others.get(2).name(), last, 2));
        assertThat(names("demo-2", "", 10)).hasSize(1);
        assertThat(names("dem", "", 10)).isEmpty();
    }

    @Test
    void aLogThatHasExpiredIsEmptyAndLaterItsTopicIsGone() {
        List<Topic> others = neighbours("demo");
        logs.publishExpired(others.get(0), "m1");
        logs.publish(others.get(1), "m1");
        assertThat(names("demo", "", 10)).extracting(Named::messages).containsExactlyInAnyOrder(0L, 1L);

        for (Topic other : others) {
            Shard.await(shard.redis.command(TopicKeys.topic(other), it -> it.del(TopicKeys.topic(other))));
        }
        assertThat(names("demo", "", 1)).isEmpty();
        assertThat(shard.exists(TopicKeys.topics(topic.shard()))).isZero();
        assertThat(shard.exists(TopicKeys.log(others.get(1)))).isZero();
    }

    @Test
    void aMessageThatIsSentAtSomeTimeIsToldWithIt() {
        long at =
                logs.publish(message(topic, "m1", now - 7, now + HOUR_MS, "b")).offset();
        assertThat(send(at).orElseThrow()).returns(now - 7, Send::sentAtMs).returns(now + HOUR_MS, Send::expiresAtMs);
    }
}
