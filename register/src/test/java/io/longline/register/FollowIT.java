package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowedTopic;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Following topics as rooms and centers meet it. */
class FollowIT extends RegisterSetup {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint USER = new Endpoint("demo", "u:1", "");

    FollowIT() {
        super(REDIS, ZOOKEEPER, "register.follow.most-topics", "2");
    }

    private static FollowedTopic followed(String topic, long from, boolean byBackEnd) {
        return FollowedTopic.newBuilder()
                .setTopic(topic)
                .setFrom(from)
                .setByBackEnd(byBackEnd)
                .build();
    }

    @Test
    void whatAClientFollowsIsToldToItsNextSession() {
        long generation = client.bind(PHONE, room.freshPlace());

        FollowReply reply = client.follow(PHONE, "news", true, 50, generation);

        assertThat(reply).isEqualTo(FollowReply.newBuilder().setFrom(50).build());
        BindReply bound = client.bindLater(PHONE, room.freshPlace()).join();
        assertThat(bound.getTopicsList()).containsExactly(followed("news", 50, false));
        assertThat(client.follows(PHONE)).containsExactly(followed("news", 50, false));
        assertThat(client.followers("demo", "news", Shards.of("demo", "u:1"))).containsExactly("u:1");
        assertThat(client.user("demo", "u:1").getTopicsList()).containsExactly("news");
    }

    @Test
    void whoIsBoundAndWhoAsksIsToldWhenTheDeviceWasBorn() {
        List<Long> noted = new ArrayList<>();
        cluster.saver().onNote(note -> noted.add(note.getGeneration()));
        BindReply first = client.bindLater(PHONE, room.freshPlace()).join();
        BindReply second = client.bindLater(PHONE, room.freshPlace()).join();

        assertThat(noted).containsExactly(first.getBorn());
        assertThat(second.getBorn()).isEqualTo(first.getBorn());
        assertThat(client.followsReply(PHONE).getBorn()).isEqualTo(first.getBorn());

        client.unbind(PHONE, second.getGeneration(), true);
        assertThat(client.bindLater(PHONE, room.freshPlace()).join().getBorn()).isGreaterThan(second.getGeneration());
    }

    @Test
    void whatABackEndHasAUserFollowHoldsForDevicesThatComeLater() {
        client.follow(USER, "news", true, 50, 0);

        assertThat(client.bindLater(PHONE, room.freshPlace()).join().getTopicsList())
                .containsExactly(followed("news", 50, true));
        client.follow(USER, "news", false, 0, 0);

        assertThat(client.follows(PHONE)).isEmpty();
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event ->
                        assertThat(event).containsEntry("type", "follows").containsEntry("device", "phone"));
    }

    @Test
    void whoMayFollowOnlyWhatABackEndWantsIsDeniedAllElse() {
        long generation = client.bind(PHONE, room.freshPlace());
        assertThatThrownBy(() -> client.followByBackEnd(PHONE, "news", 60, generation))
                .satisfies(error ->
                        assertThat(ErrorTranslator.fromAny(error).code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
                .hasMessageContaining("neither the token nor the product lets the client follow the topic news");
        client.follow(USER, "news", true, 50, 0);
        client.follow(PHONE, "news", false, 0, generation);

        FollowReply reply = client.followByBackEnd(PHONE, "news", 60, generation);

        assertThat(reply)
                .isEqualTo(
                        FollowReply.newBuilder().setFrom(50).setByBackEnd(true).build());
        assertThat(client.follows(PHONE)).containsExactly(followed("news", 50, true));
    }

    @Test
    void theJournalIsToldBeforeItIsSo() {
        long generation = client.bind(PHONE, room.freshPlace());
        List<Boolean> followedWhenNoted = new ArrayList<>();
        cluster.saver()
                .onFollow(note ->
                        followedWhenNoted.add(!redis.followers(PHONE, "news").isEmpty()));

        client.follow(PHONE, "news", true, 50, generation);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
        client.follow(PHONE, "news", true, 50, generation);
        client.follow(PHONE, "news", false, 0, generation);

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(followedWhenNoted).containsExactly(false, true);
    }

    @Test
    void withoutJournalNothingChangesAndTheSameAgainMakesItGood() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        cluster.saver().databaseDown(true);

        assertThatThrownBy(() -> client.follow(PHONE, "offers", true, 50, generation))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(error.dependency()).contains("mysql");
                });
        assertThatThrownBy(() -> client.follow(PHONE, "news", false, 0, generation))
                .isInstanceOf(LonglineException.class);
        assertThat(client.follows(PHONE)).containsExactly(followed("news", 50, false));

        cluster.saver().databaseDown(false);
        client.follow(PHONE, "offers", true, 50, generation);
        client.follow(PHONE, "news", false, 0, generation);
        assertThat(client.follows(PHONE)).containsExactly(followed("offers", 50, false));
        assertThat(cluster.saver().knowsFollow(PHONE, "offers")).isTrue();
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
    }

    /** It came there, and its caller does not know it. */
    private void followUnanswered(Endpoint whose, boolean follows, long generation) {
        cluster.saver().losesAnswers(true);
        assertThatThrownBy(() -> client.follow(whose, "news", follows, follows ? 50 : 0, generation))
                .isInstanceOf(LonglineException.class);
        cluster.saver().losesAnswers(false);
    }

    private List<FollowedTopic> boundTopics(Endpoint endpoint) {
        return client.bindLater(endpoint, room.freshPlace()).join().getTopicsList();
    }

    @Test
    void whoIsBoundAndToldThatItFollowsWhatItTriedToEndDoesSoByTheJournalToo() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        followUnanswered(PHONE, false, generation);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();

        assertThat(boundTopics(PHONE)).containsExactly(followed("news", 50, false));

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
    }

    @Test
    void whoIsBoundAndDoesNotFollowWhatItTriedToDoesNotByTheJournalEither() {
        long generation = client.bind(PHONE, room.freshPlace());
        followUnanswered(PHONE, true, generation);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();

        assertThat(boundTopics(PHONE)).isEmpty();

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void whoAsksWhatItFollowsIsToldWhatTheJournalHasToo() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        followUnanswered(PHONE, false, generation);

        assertThat(client.follows(PHONE)).containsExactly(followed("news", 50, false));

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
    }

    @Test
    void whatABackEndTriedToEndIsFollowedByTheJournalTooOnceADeviceIsToldSo() {
        Endpoint desk = new Endpoint("demo", "u:1", "desk");
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(USER, "news", true, 50, 0);
        client.follow(PHONE, "news", false, 0, generation);
        followUnanswered(USER, false, 0);
        await().until(() ->
                !cluster.saver().knowsFollow(USER, "news")); // told beside that of the phone, whose answer came first

        assertThat(boundTopics(desk)).containsExactly(followed("news", 50, true));

        assertThat(cluster.saver().knowsFollow(USER, "news")).isTrue();
        assertThat(cluster.saver().knowsAgainstUser(PHONE, "news")).isTrue();
    }

    @Test
    void whoIsBoundWhereNothingWasLeftTellsTheJournalNothing() {
        client.follow(PHONE, "news", true, 50, client.bind(PHONE, room.freshPlace()));
        client.follow(USER, "offers", true, 50, 0);
        AtomicInteger notes = new AtomicInteger();
        cluster.saver().onFollow(note -> notes.incrementAndGet());

        assertThat(boundTopics(PHONE)).hasSize(2);

        assertThat(client.follows(PHONE)).hasSize(2);
        assertThat(notes).hasValue(0);
    }

    @Test
    void withoutJournalAllAreBoundAndTheNextBindTellsItWhatTheyWereTold() {
        long generation = client.bind(PHONE, room.freshPlace());
        followUnanswered(PHONE, true, generation);
        cluster.saver().databaseDown(true);
        assertThat(boundTopics(PHONE)).isEmpty();
        assertThat(client.follows(PHONE)).isEmpty();

        cluster.saver().databaseDown(false);
        long next = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, next);
        followUnanswered(PHONE, false, next);
        cluster.saver().databaseDown(true);
        assertThat(boundTopics(PHONE)).containsExactly(followed("news", 50, false));
        assertThat(client.follows(PHONE)).hasSize(1);

        cluster.saver().databaseDown(false);
        assertThat(boundTopics(PHONE)).hasSize(1);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
    }

    @Test
    void aCallThatIsUnderWayStillIsOvertakenByTheBindOfANewerSession() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        AtomicBoolean first = new AtomicBoolean(true);
        List<FollowedTopic> told = new ArrayList<>();
        cluster.saver().onFollow(note -> {
            if (first.getAndSet(false)) {
                told.addAll(boundTopics(PHONE));
            }
        });

        assertThat(client.follow(PHONE, "news", false, 0, generation).getStale())
                .isTrue();

        assertThat(told).containsExactly(followed("news", 50, false));
        assertThat(client.follows(PHONE)).isEqualTo(told);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
        assertThat(redis.events(PHONE)).noneMatch(event -> "follows".equals(event.get("type")));
    }

    @Test
    void allDevicesOfAUserAreBoundAtOnceWhereSomethingOfTheUsersWasLeft() {
        client.follow(USER, "news", true, 50, 0);
        followUnanswered(USER, false, 0);
        List<CompletableFuture<BindReply>> binds = IntStream.range(0, 20)
                .mapToObj(i -> client.bindLater(new Endpoint("demo", "u:1", "device-" + i), room.freshPlace()))
                .toList();

        assertThat(binds)
                .allSatisfy(
                        bind -> assertThat(bind.join().getTopicsList()).containsExactly(followed("news", 50, true)));

        assertThat(cluster.saver().knowsFollow(USER, "news")).isTrue();
        assertThat(redis.follows(PHONE))
                .hasEntrySatisfying("/news", record -> assertThat(record).endsWith(" 1 50 0"));
    }

    @Test
    void whatABackEndEndsWhileAClientIsOnItsWayIsFollowedAfterwardsAndTheJournalAgrees() {
        long generation = client.bind(PHONE, room.freshPlace());
        AtomicBoolean first = new AtomicBoolean(true);
        cluster.saver().onFollow(note -> {
            if (first.getAndSet(false)) {
                client.follow(USER, "news", false, 0, 0);
            }
        });

        assertThat(client.follow(PHONE, "news", true, 50, generation).getFrom()).isEqualTo(50);

        assertThat(client.follows(PHONE)).hasSize(1);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isTrue();
    }

    @Test
    void theJournalIsToldWhichDeviceDoesNotFollowThoughItsUserDoes() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        client.follow(PHONE, "news", false, 0, generation);
        assertThat(cluster.saver().knowsAgainstUser(PHONE, "news")).isFalse();
        client.follow(USER, "news", true, 50, 0);
        client.follow(PHONE, "news", false, 0, generation);
        assertThat(cluster.saver().knowsAgainstUser(PHONE, "news")).isTrue();

        client.unbind(PHONE, generation, true);

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(cluster.saver().knowsAgainstUser(PHONE, "news")).isFalse();
    }

    @Test
    void aSessionThatWasReplacedIsToldSo() {
        long older = client.bind(PHONE, room.freshPlace());
        client.bind(PHONE, room.freshPlace());

        assertThat(client.follow(PHONE, "news", true, 50, older).getStale()).isTrue();
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
    }

    @Test
    void aTopicTooManyIsRefused() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "a", true, 50, generation);
        client.follow(PHONE, "b", true, 50, generation);

        assertThatThrownBy(() -> client.follow(PHONE, "c", true, 50, generation))
                .satisfies(error ->
                        assertThat(ErrorTranslator.fromAny(error).code()).isEqualTo(ErrorCode.QUEUE_FULL))
                .hasMessageContaining("the device follows 2 topics");
    }

    @Test
    void aForgottenDeviceAndAForgottenUserFollowNothingAnyMore() {
        Endpoint desk = new Endpoint("demo", "u:1", "desk");
        long phone = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, phone);
        client.follow(desk, "news", true, 50, client.bind(desk, room.freshPlace()));
        client.follow(USER, "offers", true, 50, 0);

        client.unbind(PHONE, phone, true);
        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(redis.follows(PHONE)).containsOnlyKeys("desk/news", "/offers");

        client.forget("demo", "u:1", "");
        assertThat(cluster.saver().knowsFollow(desk, "news")).isFalse();
        assertThat(cluster.saver().knowsFollow(USER, "offers")).isFalse();
        assertThat(redis.follows(PHONE)).isEmpty();
        assertThat(client.user("demo", "u:1").getTopicsList()).isEmpty();
    }

    @Test
    void whatDoesNotReachTheJournalWhenADeviceIsForgottenIsMadeGoodByRepeatingIt() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        cluster.saver().databaseDown(true);
        assertThatThrownBy(() -> client.unbind(PHONE, generation, true)).isInstanceOf(LonglineException.class);
        cluster.saver().databaseDown(false);

        client.unbind(PHONE, generation, true);

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void whoeverBindsADeviceWhoseForgettingDidNotReachTheJournalMakesItGoodToo() {
        long generation = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "news", true, 50, generation);
        cluster.saver().databaseDown(true);
        assertThatThrownBy(() -> client.unbind(PHONE, generation, true)).isInstanceOf(LonglineException.class);
        cluster.saver().databaseDown(false);

        client.bind(PHONE, room.freshPlace());

        assertThat(cluster.saver().knowsFollow(PHONE, "news")).isFalse();
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void whatCannotBeFollowedIsRefusedByItsField() {
        long generation = client.bind(PHONE, room.freshPlace());

        assertInvalid("topic", () -> client.follow(PHONE, "*", true, 50, generation));
        assertInvalid("topic", () -> client.follow(PHONE, "a/b", true, 50, generation));
        assertInvalid("generation", () -> client.follow(PHONE, "news", true, 50, 0));
        assertInvalid("generation", () -> client.follow(USER, "news", true, 50, generation));
        assertInvalid("only_by_back_end", () -> client.followByBackEnd(USER, "news", 50, 0));
        assertInvalid("from", () -> client.follow(PHONE, "news", true, -1, generation));
    }

    private static void assertInvalid(String field, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.details()).first().extracting("field").isEqualTo(field);
        });
    }
}
