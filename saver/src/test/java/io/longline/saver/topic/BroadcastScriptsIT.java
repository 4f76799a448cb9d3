package io.longline.saver.topic;

import static io.longline.saver.topic.Logs.HOUR_MS;
import static io.longline.saver.topic.Logs.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Head;
import io.longline.saver.topic.TopicStore.Named;
import io.longline.saver.topic.TopicStore.Untold;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** settle.lua and broadcasts.lua, and what the other scripts say of topics that every endpoint follows. */
final class BroadcastScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private Logs logs;
    private final Topic topic = Logs.someBroadcastTopic();
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

    private void open(long offset) {
        logs.settle(new Settled(topic, offset, How.OPEN));
    }

    private void remove(long offset) {
        logs.settle(new Settled(topic, offset, How.REMOVE));
    }

    private Head head(int newest) {
        return Shard.await(logs.store.head(topic, newest));
    }

    private List<Untold> untold() {
        return Shard.await(logs.store.untold(topic.shard(), 0, 10));
    }

    private void told(long upto) {
        Shard.await(logs.store.told(topic, upto, Map.of(), true));
    }

    private static List<Long> offsets(LogRead read) {
        return read.page().entries().stream().map(LogPage.Entry::offset).toList();
    }

    private long used() {
        return Long.parseLong(shard.hash(InboxKeys.used(topic.shard())).getOrDefault("topic", "0"));
    }

    @Test
    void whatIsPublishedNobodyReadsUntilItIsOpened() {
        long first = logs.publish(topic, "m1");
        assertThat(logs.read(topic, 0, 10))
                .returns(0L, LogRead::last)
                .returns(0L, LogRead::readable)
                .returns(new LogPage(List.of(), false, 0, 0), LogRead::page);

        logs.publish(topic, "m2");
        open(first);
        LogRead read = logs.read(topic, 0, 10);
        assertThat(offsets(read)).containsExactly(first);
        assertThat(read.page().upto()).isEqualTo(first);
        assertThat(read.page().more()).isFalse();
        assertThat(read).returns(first, LogRead::last).returns(first, LogRead::readable);
    }

    @Test
    void whoMayReadFartherReadsUpToThereAndNotBehind() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        long third = logs.publish(topic, "m3");
        open(first);

        LogRead some = logs.read(topic, 0, second, 10);
        assertThat(offsets(some)).containsExactly(first, second);
        assertThat(some).returns(second, LogRead::last).returns(first, LogRead::readable);
        assertThat(some.page().upto()).isEqualTo(second);
        LogRead all = logs.read(topic, 0, third + 5, 10);
        assertThat(offsets(all)).hasSize(3);
        assertThat(all.page().upto()).isEqualTo(third);
    }

    @Test
    void whoIsBehindWhatHeMayReadIsToldHowFarThatIs() {
        long first = logs.publish(topic, "m1");
        open(first);
        long second = logs.publish(topic, "m2");
        logs.publish(topic, "m3");
        assertThat(logs.read(topic, second, 10).page()).isEqualTo(new LogPage(List.of(), false, first, 0));
        assertThat(logs.read(topic, second + 1, second, 10).page()).isEqualTo(new LogPage(List.of(), false, second, 0));
    }

    @Test
    void aPageThatIsCutSaysSoAsFarAsMayBeRead() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        long third = logs.publish(topic, "m3");
        logs.publish(topic, "m4");
        open(third);

        LogPage page = logs.read(topic, 0, 2).page();
        assertThat(page.entries()).extracting(LogPage.Entry::offset).containsExactly(first, second);
        assertThat(page.more()).isTrue();
        LogPage rest = logs.read(topic, page.upto(), 2).page();
        assertThat(rest.entries()).extracting(LogPage.Entry::offset).containsExactly(third);
        assertThat(rest.more()).isFalse();
    }

    @Test
    void theEndOfALogIsWhatEverybodyMayRead() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        long third = logs.publish(topic, "m3");
        assertThat(head(0)).isEqualTo(new Head(0, 0, third));
        assertThat(head(1)).isEqualTo(new Head(0, 0, third));
        assertThat(head(5)).isEqualTo(new Head(0, 0, third));

        open(second);
        assertThat(head(0)).isEqualTo(new Head(second, second, third));
        assertThat(head(1)).isEqualTo(new Head(second, second - 1, third));
        assertThat(head(2)).isEqualTo(new Head(second, first - 1, third));
        assertThat(head(5)).isEqualTo(new Head(second, first - 1, third));
    }

    @Test
    void roomsAreToldOfWhatIsOpenedAndNotOfWhatIsPublished() {
        long first = logs.publish(topic, "m1");
        assertThat(untold()).isEmpty();
        open(first);
        long second = logs.publish(topic, "m2");
        assertThat(untold()).singleElement().satisfies(one -> {
            assertThat(one.topic()).isEqualTo(topic);
            assertThat(one.offset()).isEqualTo(first);
            assertThat(one.sinceMs()).isCloseTo(now, offset(60_000L));
        });
        told(first);
        assertThat(untold()).isEmpty();
        open(first);
        assertThat(untold()).as("all know").isEmpty();

        open(second);
        told(first);
        assertThat(untold()).extracting(Untold::offset).containsExactly(second);
        assertThat(Shard.await(logs.store.send(topic.shard(), second))
                        .orElseThrow()
                        .told())
                .isFalse();
        told(second);
        assertThat(untold()).isEmpty();
        assertThat(Shard.await(logs.store.send(topic.shard(), second))
                        .orElseThrow()
                        .told())
                .isTrue();
    }

    @Test
    void whatIsRemovedNobodyReadsAndItIsNoGap() {
        long first = logs.publish(topic, "m1");
        long one = used();
        long second = logs.publish(topic, "m2");
        remove(second);
        assertThat(used()).as("one came and one left").isEqualTo(one);
        assertThat(logs.hasSend(topic, second)).isFalse();

        long third = logs.publish(topic, "m3");
        open(third);
        assertThat(logs.offsets(topic)).containsExactly(first, third);
        assertThat(logs.gap(topic, first)).isZero();
        remove(third);
        assertThat(logs.read(topic, first, 10).page()).isEqualTo(new LogPage(List.of(), false, third, 0));
        assertThat(head(0)).isEqualTo(new Head(third, third, third));
    }

    @Test
    void whatWasRemovedIsNotPublishedOnceMore() {
        long first = logs.publish(topic, "m1");
        remove(first);
        Published again = logs.publish(message(topic, "m1", HOUR_MS));
        assertThat(again).returns(first, Published::offset).returns(true, Published::repeated);
        assertThat(logs.isPublished(topic, "m1", first)).isTrue();
        assertThat(logs.read(topic, 0, first, 10).page().entries()).isEmpty();
        assertThat(logs.publish(message(topic, "m2", HOUR_MS)).before()).isEqualTo(first);
    }

    @Test
    void whatWasRemovedStaysSoWhateverComesLater() {
        long first = logs.publish(topic, "m1");
        remove(first);
        open(first);
        remove(first);
        assertThat(logs.read(topic, 0, 10)).returns(first, LogRead::readable);
        assertThat(logs.bodies(topic)).isEmpty();
    }

    @Test
    void howFarEverybodyMayReadNeverFalls() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        open(second);
        open(first);
        assertThat(logs.offsets(topic)).containsExactly(first, second);
    }

    @Test
    void whoRemembersWhatHeReadLearnsThatSomethingWasTakenOut() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        assertThat(logs.read(topic, 0, 10).cuts()).isZero();
        remove(first);
        long cuts = logs.read(topic, 0, 10).cuts();
        assertThat(cuts).isCloseTo(now, offset(60_000L));
        assertThat(logs.read(topic, 0, 10).cuts()).isEqualTo(cuts);
        remove(second);
        assertThat(logs.read(topic, 0, 10).cuts()).isGreaterThan(cuts);
    }

    @Test
    void ofATopicOfWhichNothingIsKnownNothingIsNoted() {
        open(77);
        remove(77);
        assertThat(shard.exists(TopicKeys.topic(topic))).isZero();
        assertThat(untold()).isEmpty();
    }

    @Test
    void whereRedisHasNoMemoryLeftAJobEndsAllTheSame() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        shard.whileFull(() -> {
            remove(first);
            open(second);
        });
        assertThat(logs.offsets(topic)).containsExactly(second);
    }

    @Test
    void whatHasExpiredIsOpenedAndPassedOver() {
        long over = logs.publishExpired(topic, "m1");
        open(over);
        assertThat(logs.read(topic, 0, 10).page()).isEqualTo(new LogPage(List.of(), false, over, 0));
        logs.publishExpired(topic, "m2");
        remove(over);
        assertThat(logs.bodies(topic)).isEmpty();
    }

    @Test
    void whatLeftForLackOfRoomIsAGapAsFarAsMayBeRead() {
        Logs few = new Logs(shard, 3, 16 << 20);
        long first = few.publish(topic, "m1");
        few.publish(topic, "m2");
        long third = few.publish(topic, "m3");
        few.publish(topic, "m4");
        long last = few.publish(topic, "m5");
        open(first);
        assertThat(few.read(topic, 0, 10).page()).isEqualTo(new LogPage(List.of(), false, first, first + 1));
        assertThat(few.gap(topic, first)).as("the rest of it later").isZero();
        assertThat(few.read(topic, first, last, 10).page().gap()).isEqualTo(third);

        open(last);
        assertThat(few.gap(topic, first)).isEqualTo(third);
        assertThat(few.offsets(topic)).hasSize(3);
    }

    @Test
    void theTopicsOfAProductAreToldInTheOrderOfTheirNames() {
        Topic urgent = new Topic("demo", "*urgent");
        Topic all = new Topic("demo", "*");
        long at = logs.publish(urgent, "m1");
        logs.publish(all, "m1");
        logs.publish(topic, "m1");
        logs.publish(new Topic("demo-2", "*"), "m1");
        assertThat(List.of(urgent.shard(), topic.shard())).containsOnly(all.shard());

        assertThat(Shard.await(logs.store.broadcasts("demo", 10))).containsExactly("*", topic.name(), "*urgent");
        assertThat(Shard.await(logs.store.broadcasts("demo", 2))).containsExactly("*", topic.name());
        assertThat(Shard.await(logs.store.broadcasts("demo-2", 10))).containsExactly("*");
        assertThat(Shard.await(logs.store.broadcasts("dem", 10))).isEmpty();
        assertThat(Shard.await(logs.store.names("demo", all.shard(), "", 10))).contains(new Named("*urgent", at, 1));
    }
}
