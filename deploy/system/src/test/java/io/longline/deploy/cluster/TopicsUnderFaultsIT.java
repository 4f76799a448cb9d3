package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.sdk.ConnectionListener;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.state.MemoryStateStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promises 1, 2 and 3 for topics, on the SDK, while processes are killed or stopped and Redis loses what it knew. */
@Tag("faults")
final class TopicsUnderFaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FOLLOWERS = 4; // so many that there are some at each room
    private static final int MESSAGES = 20;
    private static final List<String> TEXTS =
            IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final String topic = SharedCluster.fresh("topic");
    private final List<Follower> followers =
            Stream.generate(Follower::new).limit(FOLLOWERS).toList();

    /** An app, whose state outlives its restarts. */
    private final class Follower implements ConnectionListener {
        final String user = SharedCluster.fresh("steadfast");
        final List<String> got = new CopyOnWriteArrayList<>();
        private final MemoryStateStore store = new MemoryStateStore();
        private volatile boolean follows;
        private LonglineClient client = client();

        private LonglineClient client() {
            return LonglineClient.builder()
                    .dispatcher(faults.cluster().dispatcher().toString())
                    .product(faults.journaled().id())
                    .user(user)
                    .device("phone")
                    .token(() -> faults.journaled().tokenOfTopics(user, "topic-*"))
                    .stateStore(store)
                    .heartbeatSeconds(2)
                    .listener(message -> got.add(String.valueOf(message.text())))
                    .connectionListener(this)
                    .build();
        }

        @Override
        public void onFollowing(String product, String ofUser, String name, long offset) {
            follows = true;
        }

        void start() {
            client = client();
            client.start();
        }

        void follow() {
            start();
            client.topics().follow(topic);
            await().atMost(PATIENCE).until(() -> follows);
        }

        void close() {
            client.close();
        }
    }

    @AfterEach
    void close() {
        followers.forEach(Follower::close);
    }

    private void awaitAll(List<String> texts) {
        await().atMost(PATIENCE)
                .until(() -> followers.stream().allMatch(follower -> follower.got.size() >= texts.size()));
        for (Follower follower : followers) {
            assertThat(follower.got).as(follower.user).isEqualTo(texts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"room-1", "saver-1", "register-1", "center-1", "coordinator-1", "redis"})
    void everyMessageComesOnceAndInOrderThoughAProcessIsKilled(String victim) {
        followers.forEach(Follower::follow);
        for (String text : TEXTS) {
            if (text.equals("10")) {
                faults.cluster().part(victim).kill();
                faults.cluster().part(victim).restart();
            }
            faults.sendToTopic(topic, text);
        }
        awaitAll(TEXTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"room-1", "saver-1", "center-1", "redis"})
    void everyMessageComesOnceAndInOrderThoughAProcessIsStoppedForAWhile(String victim) {
        followers.forEach(Follower::follow);
        for (String text : TEXTS) {
            if (text.equals("10")) {
                faults.cluster().part(victim).stop();
                long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                await().until(() -> System.nanoTime() > until);
                faults.cluster().part(victim).resume();
            }
            faults.sendToTopic(topic, text);
        }
        awaitAll(TEXTS);
    }

    /** What is followed, the log, and how far each is in it come back from MySQL. */
    @Test
    void whatWaitsInATopicOutlivesARedisThatIsEmptied() {
        followers.forEach(Follower::follow);
        faults.sendToTopic(topic, "0");
        awaitAll(TEXTS.subList(0, 1));
        followers.forEach(Follower::close);
        TEXTS.subList(1, 10).forEach(text -> faults.sendToTopic(topic, text));

        faults.cluster().stores().emptyRedis();

        TEXTS.subList(10, MESSAGES).forEach(text -> faults.sendToTopic(topic, text));
        followers.forEach(Follower::start); // what is followed the server knows
        awaitAll(TEXTS);
    }

    @Test
    void whatIsRecalledStaysSoThoughRedisIsEmptied() {
        followers.forEach(Follower::follow);
        faults.sendToTopic(topic, "0");
        awaitAll(TEXTS.subList(0, 1));
        followers.forEach(Follower::close);
        String recalled = SharedCluster.fresh("send");
        await().atMost(PATIENCE)
                .until(() -> faults.api(0)
                                .sendToTopic(recalled, topic, "recalled", "{}")
                                .status()
                        == 202);
        faults.sendToTopic(topic, "1");
        await().atMost(PATIENCE).until(() -> faults.api(0).recall(recalled).status() == 200);

        faults.cluster().stores().emptyRedis();

        faults.sendToTopic(topic, "2");
        await().atMost(PATIENCE)
                .until(() -> faults.api(0)
                                .sendToTopic(recalled, topic, "recalled", "{}")
                                .status()
                        == 202);
        followers.forEach(Follower::start);
        awaitAll(TEXTS.subList(0, 3));
    }

    @Test
    void whatABackEndHasUsersFollowOutlivesARedisThatIsEmptied() {
        for (Follower follower : followers) {
            await().atMost(PATIENCE)
                    .until(() -> faults.api(0).follow(follower.user, topic).status() == 200);
        }
        TEXTS.subList(0, 10).forEach(text -> faults.sendToTopic(topic, text));

        faults.cluster().stores().emptyRedis();

        TEXTS.subList(10, MESSAGES).forEach(text -> faults.sendToTopic(topic, text));
        followers.forEach(Follower::start);
        awaitAll(TEXTS);
    }

    /** The rooms may not have been told: another center sees to it. */
    @Test
    void aSendThatWasAnsweredArrivesThoughItsCenterDiesAtOnce() {
        followers.forEach(Follower::follow);
        for (String text : TEXTS.subList(0, 5)) {
            String id = SharedCluster.fresh("send");
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() ->
                            faults.api(0).sendToTopic(id, topic, text, "{}").status() == 202);
            faults.cluster().part("center-1").kill();
            faults.cluster().part("center-1").restart();
            faults.awaitReady();
        }
        awaitAll(TEXTS.subList(0, 5));
    }
}
