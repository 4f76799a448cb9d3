package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.SettleHow;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.UntoldTopic;
import io.longline.saver.testing.SaverCluster;
import io.longline.saver.testing.TopicsClient;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics for broadcasts, through two savers: who may read how far, and what is left of that when Redis is emptied. */
@Timeout(180)
final class BroadcastIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final AtomicInteger names = new AtomicInteger();
    private static SaverCluster cluster;
    private static TopicsClient topics;
    private final String topic = "*" + names.incrementAndGet();
    private final int shard = Shards.of("demo", "*");
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

    private SettleTopicRequest.Builder settling(long offset, SettleHow how) {
        return SettleTopicRequest.newBuilder()
                .setProduct("demo")
                .setTopic(topic)
                .setOffset(offset)
                .setHow(how);
    }

    private void open(long offset) {
        topics.settle(settling(offset, SettleHow.SETTLE_OPEN).build());
    }

    private void remove(long offset) {
        topics.settle(settling(offset, SettleHow.SETTLE_REMOVE).build());
    }

    /** What whoever may read so far reads, whichever saver he asks; 0: what everybody may. */
    private List<LogReply> logs(long upto) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct("demo")
                .setTopic(topic)
                .setUpto(upto)
                .build();
        List<LogReply> replies = topics.logs(request);
        assertThat(replies).allMatch(reply -> reply.getGap() == 0 && !reply.getMore());
        return replies;
    }

    private void assertRead(long upto, String... ids) {
        assertThat(logs(upto))
                .allSatisfy(reply -> assertThat(TopicsClient.ids(reply)).containsExactly(ids));
    }

    private PositionRequest.Builder position() {
        return PositionRequest.newBuilder().setEndpoint(phone).setTopic(topic);
    }

    private List<String> untold() {
        return topics.untold(shard).stream().map(UntoldTopic::getTopic).toList();
    }

    @Test
    void aBroadcastIsReadByThoseItsJobAsksToSendItUntilEverybodyMay() {
        long first = publish("m1");
        long second = publish("m2");
        assertRead(0);
        assertRead(first, "m1");
        assertThat(logs(first)).extracting(LogReply::getUpto).containsOnly(first);
        assertThat(untold()).doesNotContain(topic);

        open(first);
        open(first);
        assertRead(0, "m1");
        assertRead(second, "m1", "m2");
        assertThat(logs(0)).extracting(LogReply::getUpto).containsOnly(first);
        assertThat(untold()).contains(topic);
        assertThat(topics.sent("demo", shard, first).getTopic()).isEqualTo(topic);
        open(second);
        assertRead(0, "m1", "m2");
    }

    @Test
    void whatIsRemovedIsReadNowhereThoughItWasReadEverywhere() {
        publish("m1");
        long second = publish("m2");
        long third = publish("m3");
        open(third);
        assertRead(0, "m1", "m2", "m3");
        remove(second);
        remove(second);
        assertRead(0, "m1", "m3");
        open(second);
        assertThat(publish("m2")).isEqualTo(second);
        assertRead(0, "m1", "m3");
        assertRead(third, "m1", "m3");
    }

    @Test
    void aLossOfRedisOpensNothingAndBringsNothingBack() {
        publish("m1");
        long second = publish("m2");
        long third = publish("m3");
        long running = publish("m4");
        open(second);
        remove(third);
        assertRead(running, "m1", "m2", "m4");
        loseEverything();

        assertRead(0, "m1", "m2");
        assertRead(running, "m1", "m2", "m4");
        assertThat(publish("m3")).as("its id is refused as before").isEqualTo(third);
        assertRead(running, "m1", "m2", "m4");
        assertThat(untold()).contains(topic);
        assertThat(topics.position(position().setFrom(0).build()).getHead()).isEqualTo(second);
        assertThat(publish("m5")).isGreaterThan(running);
        assertThat(topics.broadcasts("demo")).contains(topic);
    }

    @Test
    void whatIsRemovedWhileRedisIsAnotherOneIsGoneWhenItIsRebuilt() {
        long first = publish("m1");
        long second = publish("m2");
        open(second);
        assertRead(0, "m1", "m2");
        loseEverything();
        remove(first);
        assertRead(0, "m2");
        loseEverything();
        assertRead(0, "m2");
    }

    @Test
    void anEndpointBeginsAtTheEndOfWhatEverybodyMayReadUnlessItHasMore() {
        long first = publish("m1");
        long second = publish("m2");
        open(first);
        assertThat(topics.position(position().setFrom(second + 1).build()))
                .returns(first, reply -> reply.getPosition())
                .returns(first, reply -> reply.getHead());
        assertThat(topics.position(position().setFrom(0).build()).getPosition()).isZero();
        assertThat(topics.position(position().setLast(5).build()).getPosition()).isLessThan(first);
        assertThat(topics.pass(phone, topic, second)).isEqualTo(second);
        assertThat(topics.position(position().setFrom(0).build()))
                .returns(second, reply -> reply.getPosition())
                .returns(first, reply -> reply.getHead());
        assertThat(topics.position(position().setAfter(second).build()).getPosition())
                .isEqualTo(second);
    }

    @Test
    void wrongRequestsAreNamed() {
        assertThatThrownBy(() -> topics.settle(
                        settling(7, SettleHow.SETTLE_OPEN).setTopic("news").build()))
                .hasMessageContaining("topic");
        assertThatThrownBy(
                        () -> topics.settle(settling(0, SettleHow.SETTLE_OPEN).build()))
                .hasMessageContaining("offset");
        assertThatThrownBy(() -> topics.settle(
                        settling(7, SettleHow.SETTLE_HOW_UNSPECIFIED).build()))
                .hasMessageContaining("how");
        assertThatThrownBy(() -> topics.broadcasts("")).hasMessageContaining("product");
    }
}
