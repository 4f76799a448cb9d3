package io.longline.saver.topic;

import static io.longline.saver.testing.TopicsClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.FollowRow;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.NoteFollowRequest;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.PublishReply;
import io.longline.rpc.v1.RoomReach;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicName;
import io.longline.rpc.v1.UntoldTopic;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.saver.testing.TopicsClient;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics, through two savers, and what is left of them when Redis is emptied. */
@Timeout(180)
final class TopicIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final AtomicInteger names = new AtomicInteger();
    private static SaverCluster cluster;
    private static TopicsClient topics;
    private final String topic = "news-" + names.incrementAndGet();
    private final int shard = Shards.of("demo", topic);
    private final Endpoint phone = SaverCluster.someone("demo");

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        cluster.start();
        topics = new TopicsClient(cluster.client);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void loseEverything() {
        RedisStore.await(cluster.redis.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));
    }

    private long publish(String id) {
        return topics.publish("demo", topic, id).getOffset();
    }

    private PositionRequest.Builder position() {
        return PositionRequest.newBuilder().setEndpoint(phone).setTopic(topic);
    }

    private List<String> untold() {
        return topics.untold(shard).stream().map(UntoldTopic::getTopic).toList();
    }

    private NoteFollowRequest follow(Endpoint endpoint, boolean follows, long version) {
        return NoteFollowRequest.newBuilder()
                .setEndpoint(endpoint)
                .setTopic(topic)
                .setFollows(follows)
                .setFrom(77)
                .setVersion(version)
                .build();
    }

    private List<FollowRow> follows() {
        return topics.follows(Shards.of("demo", phone.getUser())).stream()
                .filter(row -> row.getTopic().equals(topic))
                .toList();
    }

    @Test
    void whatIsPublishedIsReadWithItsTimesFromWhicheverSaver() {
        PublishReply first = topics.publish("demo", topic, "m1");
        PublishReply second = topics.publish("demo", topic, "m2");
        assertThat(second.getBefore()).isEqualTo(first.getOffset());
        assertThat(topics.publish("demo", topic, "m1"))
                .isEqualTo(first.toBuilder().setRepeated(true).build());

        LogReply log = topics.log("demo", topic, 0);
        assertThat(log.getMessagesList()).hasSize(2);
        assertThat(log.getMore()).isFalse();
        assertThat(log.getUpto()).isEqualTo(second.getOffset());
        assertThat(log.getMessages(0).getSeq()).isEqualTo(first.getOffset());
        assertThat(log.getMessages(0).getMessage())
                .isEqualTo(message("demo", topic, "m1").getMessage().toBuilder()
                        .setSentAtMs(first.getSentAtMs())
                        .setExpiresAtMs(first.getExpiresAtMs())
                        .build());
        assertThat(topics.log("demo", topic, first.getOffset()).getMessagesList())
                .hasSize(1);
    }

    @Test
    void aSendIsToldOfUntilEveryRoomKnows() {
        long offset = publish("m1");
        assertThat(untold()).contains(topic);
        topics.told(ToldRequest.newBuilder()
                .setProduct("demo")
                .setTopic(topic)
                .setUpto(offset)
                .putRooms(
                        "room-1",
                        RoomReach.newBuilder().setFollowers(3).setWritten(2).build())
                .setAll(true)
                .build());

        assertThat(untold()).doesNotContain(topic);
        SentReply sent = topics.sent("demo", shard, offset);
        assertThat(sent.getTold()).isTrue();
        assertThat(sent.getMessageId()).isEqualTo("m1");
        assertThat(sent.getTopic()).isEqualTo(topic);
        assertThat(sent.getRoomsMap()).containsOnlyKeys("room-1");
        assertThat(topics.names("demo", shard).getTopicsList())
                .contains(TopicName.newBuilder()
                        .setTopic(topic)
                        .setOffset(offset)
                        .setMessages(1)
                        .build());
        assertNotFound("fast", offset);
        assertNotFound("demo", offset + 1);
    }

    private void assertNotFound(String product, long offset) {
        assertThatThrownBy(() -> topics.sent(product, shard, offset))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_FOUND));
    }

    @Test
    void anEndpointGoesOnWhereItIs() {
        long first = publish("m1");
        long second = publish("m2");
        assertThat(topics.position(position().build()).getPosition()).isEqualTo(second);
        assertThat(topics.position(position().setFrom(first).build()).getPosition())
                .isEqualTo(first);
        assertThat(topics.position(position().setLast(1).build()).getPosition()).isBetween(first, second - 1);
        assertThat(topics.pass(phone, topic, first)).isEqualTo(first);
        assertThat(topics.position(position().setFrom(0).build()).getPosition()).isEqualTo(first);
        assertThat(topics.position(position().setAfter(0).build()).getPosition())
                .isZero();
        assertThat(topics.position(PositionRequest.newBuilder()
                                .setEndpoint(SaverClient.device(phone, ""))
                                .setTopic(topic)
                                .build())
                        .getHead())
                .isEqualTo(second);
    }

    @Test
    void aLossOfRedisLosesNothing() {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            offsets.add(publish("m" + i));
        }
        LogReply before = topics.log("demo", topic, 0);
        loseEverything();

        assertThat(topics.log("demo", topic, 0)).isEqualTo(before);
        assertThat(publish("m0")).as("an id is refused as before").isEqualTo(offsets.getFirst());
        assertThat(untold()).contains(topic);
        assertThat(topics.sent("demo", shard, offsets.get(2)).getTold()).isFalse();
        assertThat(publish("m5")).isGreaterThan(offsets.getLast());
        assertThat(topics.ids("demo", topic)).hasSize(6);
    }

    @Test
    void whatIsRecalledIsReadAtNoSaverAlsoAfterALossOfRedis() {
        publish("m1");
        long second = publish("m2");
        publish("m3");
        LogRequest all =
                LogRequest.newBuilder().setProduct("demo").setTopic(topic).build();
        assertThat(topics.logs(all)).allMatch(log -> log.getMessagesCount() == 3);

        assertThat(topics.recall("demo", topic, "m2")).isEqualTo(second);
        long never = topics.recall("demo", topic, "late");

        for (boolean lost : new boolean[] {false, true}) {
            assertThat(topics.logs(all)).as("lost: %s", lost).allSatisfy(log -> {
                assertThat(TopicsClient.ids(log)).containsExactly("m1", "m3");
                assertThat(log.getGap()).isZero();
            });
            assertThat(publish("m2")).isEqualTo(second);
            assertThat(publish("late")).isEqualTo(never);
            assertThat(topics.sent("demo", shard, second).getRecalled()).isTrue();
            assertThat(topics.sent("demo", shard, never).getRecalled()).isTrue();
            loseEverything();
        }
        assertThat(topics.recall("demo", topic, "m2")).as("safe to repeat").isEqualTo(second);
        assertThat(publish("m4")).isGreaterThan(never);
        assertThat(topics.ids("demo", topic)).containsExactly("m1", "m3", "m4");
    }

    @Test
    void offsetsOfEndpointsComeBackAsTheyWereSomeSecondsAgo() {
        long first = publish("m1");
        publish("m2");
        topics.pass(phone, topic, first);
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> {
                    loseEverything();
                    assertThat(topics.position(position().setFrom(0).build()).getPosition())
                            .isEqualTo(first);
                });
    }

    @Test
    void whatIsFollowedIsKeptForRegister() {
        Endpoint user = SaverClient.device(phone, "");
        topics.noteFollow(follow(phone, true, 7));
        topics.noteFollow(follow(user, true, 8));
        topics.noteFollow(follow(phone, false, 9));
        topics.noteFollow(follow(phone, true, 8));

        assertThat(follows())
                .containsExactlyInAnyOrder(
                        FollowRow.newBuilder()
                                .setEndpoint(phone)
                                .setTopic(topic)
                                .setFrom(77)
                                .setVersion(9)
                                .build(),
                        FollowRow.newBuilder()
                                .setEndpoint(user)
                                .setTopic(topic)
                                .setFollows(true)
                                .setFrom(77)
                                .setVersion(8)
                                .build());
    }

    @Test
    void thatADeviceDoesNotFollowThoughItsUserDoesIsKeptForRegister() {
        topics.noteFollow(follow(phone, false, 7));
        assertThat(follows()).singleElement().returns(false, FollowRow::getAgainstUser);
        topics.noteFollow(
                follow(phone, false, 8).toBuilder().setAgainstUser(true).build());
        assertThat(follows())
                .singleElement()
                .returns(false, FollowRow::getFollows)
                .returns(true, FollowRow::getAgainstUser)
                .returns(8L, FollowRow::getVersion);

        assertThatThrownBy(() -> topics.noteFollow(
                        follow(phone, true, 9).toBuilder().setAgainstUser(true).build()))
                .hasMessageContaining("against_user");
        assertThatThrownBy(() -> topics.noteFollow(follow(SaverClient.device(phone, ""), false, 9).toBuilder()
                        .setAgainstUser(true)
                        .build()))
                .hasMessageContaining("against_user");
    }

    @Test
    void wrongRequestsAreNamed() {
        assertThatThrownBy(() -> topics.publish("demo", "a/b", "m1")).hasMessageContaining("topic");
        assertThatThrownBy(() -> topics.publish("demo", topic, "")).hasMessageContaining("message_id");
        assertThatThrownBy(() -> topics.publish(message("demo", topic, "m1").toBuilder()
                        .setMessage(message("demo", topic, "m1").getMessage().toBuilder()
                                .setExpiresAtMs(0))
                        .build()))
                .hasMessageContaining("expires_at_ms");
        assertThatThrownBy(() -> topics.untold(256)).hasMessageContaining("shard");
        assertThatThrownBy(() -> topics.position(position().setLast(1001).build()))
                .hasMessageContaining("last")
                .hasMessageContaining("1000");
        assertThatThrownBy(() -> topics.noteFollow(
                        follow(phone, true, 7).toBuilder().setTopic("*").build()))
                .hasMessageContaining("topic");
    }
}
