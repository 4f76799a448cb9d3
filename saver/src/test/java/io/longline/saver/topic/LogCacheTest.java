package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogCacheTest {
    private static final long NOW = 1000;

    private final Topic topic = new Topic("demo", "news");
    private final Topic other = new Topic("demo", "sport");
    private final LogCache cache = new LogCache(1 << 20);

    private static LogPage.Entry entry(long offset) {
        return entry(offset, NOW + 1, 10);
    }

    private static LogPage.Entry entry(long offset, long expiresAtMs, int bytes) {
        return new LogPage.Entry(offset, expiresAtMs, 5, ByteString.copyFrom(new byte[bytes]));
    }

    private static LogRead read(long after, long last, long trimmed, LogPage.Entry... entries) {
        boolean more = entries.length > 0 && entries[entries.length - 1].offset() < last;
        long upto = more ? entries[entries.length - 1].offset() : Math.max(after, last);
        return new LogRead(after, NOW, last, last, 0, trimmed, new LogPage(List.of(entries), more, upto, 0));
    }

    private static LogRead found(long after, long... offsets) {
        LogPage.Entry[] entries =
                Arrays.stream(offsets).mapToObj(LogCacheTest::entry).toArray(LogPage.Entry[]::new);
        return read(after, offsets[offsets.length - 1], 0, entries);
    }

    /** Of a log in which messages were taken out so many times, and which not everybody may read to its end. */
    private static LogRead partly(long after, long readable, long cuts, long... offsets) {
        LogRead all = found(after, offsets);
        return new LogRead(after, NOW, all.last(), readable, cuts, 0, all.page());
    }

    private Optional<LogPage> page(long after, int most, long last) {
        return cache.page(topic, after, most, read(last, last, 0));
    }

    private static List<Long> offsets(LogPage page) {
        return page.entries().stream().map(LogPage.Entry::offset).toList();
    }

    @Test
    void whatWasReadIsThereFromWhereverSomebodyIs() {
        cache.add(topic, found(10, 20, 30, 40));

        assertThat(page(10, 9, 40)).hasValueSatisfying(page -> {
            assertThat(offsets(page)).containsExactly(20L, 30L, 40L);
            assertThat(page.more()).isFalse();
            assertThat(page.upto()).isEqualTo(40);
        });
        assertThat(offsets(page(25, 9, 40).orElseThrow())).containsExactly(30L, 40L);
        assertThat(page(9, 9, 40)).as("something may be at 10").isEmpty();
        assertThat(cache.page(other, 10, 9, read(40, 40, 0))).isEmpty();
    }

    @Test
    void aPageHasSoManyAndSaysThatThereIsMore() {
        cache.add(topic, found(10, 20, 30, 40));
        LogPage page = page(10, 2, 40).orElseThrow();
        assertThat(offsets(page)).containsExactly(20L, 30L);
        assertThat(page.more()).isTrue();
        assertThat(page.upto()).isEqualTo(30);
    }

    @Test
    void aPageIsNotLargerThanAnAnswerMayBe() {
        cache.add(topic, read(10, 40, 0, entry(20, NOW + 1, 200_000), entry(30, NOW + 1, 200_000), entry(40)));
        assertThat(offsets(page(10, 9, 40).orElseThrow())).containsExactly(20L);
    }

    @Test
    void partsThatWereReadOneByOneHangTogether() {
        cache.add(topic, found(30, 40, 50));
        cache.add(topic, read(10, 40, 0, entry(20), entry(30)));
        assertThat(offsets(page(10, 9, 50).orElseThrow())).containsExactly(20L, 30L, 40L, 50L);
    }

    @Test
    void whatIsBetweenTwoPartsIsNotSkipped() {
        cache.add(topic, found(10, 20));
        cache.add(topic, found(30, 40));
        LogPage page = page(10, 9, 40).orElseThrow();
        assertThat(offsets(page)).containsExactly(20L);
        assertThat(page.more()).isTrue();
        assertThat(page.upto()).isEqualTo(20);
        assertThat(page(20, 9, 40)).isEmpty();
    }

    @Test
    void whoIsAtTheEndNeedsNothing() {
        assertThat(page(40, 9, 40)).hasValue(new LogPage(List.of(), false, 40, 0));
        assertThat(page(50, 9, 40)).hasValue(new LogPage(List.of(), false, 50, 0));
    }

    @Test
    void whereNothingIsIsKnownToo() {
        cache.add(topic, read(10, 90, 0));
        assertThat(page(10, 9, 90)).hasValue(new LogPage(List.of(), false, 90, 0));
        assertThat(page(50, 9, 90)).hasValue(new LogPage(List.of(), false, 90, 0));
        assertThat(page(9, 9, 90)).isEmpty();
        assertThat(cache.end(topic)).hasValue(90);
    }

    @Test
    void whatHasExpiredSinceIsPassedOver() {
        cache.add(topic, read(10, 30, 0, entry(20, NOW, 10), entry(30)));
        assertThat(offsets(page(10, 9, 30).orElseThrow())).containsExactly(30L);
    }

    @Test
    void behindAGapNothingIsKnown() {
        cache.add(topic, read(10, 40, 25, entry(30), entry(40)));
        assertThat(page(10, 9, 40)).as("whoever is there must hear of the gap").isEmpty();
        assertThat(offsets(page(25, 9, 40).orElseThrow())).containsExactly(30L, 40L);
    }

    @Test
    void whereItIsFullTheOldestOfTheTopicGoesThatWasAskedForLongestAgo() {
        LogCache small = new LogCache(4_000);
        small.add(topic, read(10, 30, 0, entry(20, NOW + 1, 800), entry(30, NOW + 1, 800)));
        small.add(other, read(10, 20, 0, entry(20, NOW + 1, 800)));
        assertThat(small.bytes()).isEqualTo(4000);
        small.page(topic, 20, 9, read(30, 30, 0));
        small.add(topic, read(30, 40, 0, entry(40, NOW + 1, 800)));

        assertThat(small.page(other, 10, 9, read(20, 20, 0))).isEmpty();
        assertThat(offsets(small.page(topic, 10, 9, read(40, 40, 0)).orElseThrow()))
                .hasSize(3);
        assertThat(small.bytes()).as("one topic less").isEqualTo(3500);
        assertThat(small.topics()).isEqualTo(1);
        small.add(topic, read(40, 50, 0, entry(50, NOW + 1, 800)));
        assertThat(small.page(topic, 10, 9, read(50, 50, 0))).isEmpty();
        assertThat(offsets(small.page(topic, 20, 9, read(50, 50, 0)).orElseThrow()))
                .containsExactly(30L, 40L, 50L);
        assertThat(small.bytes()).isEqualTo(3500);
        small.clear();
        assertThat(small.bytes()).isZero();
    }

    @Test
    void whatIsReadTwiceTakesItsMemoryOnce() {
        cache.add(topic, found(10, 20));
        long once = cache.bytes();
        cache.add(topic, found(5, 20));
        cache.add(topic, found(10, 20));
        assertThat(cache.bytes()).isEqualTo(once);
        assertThat(offsets(page(5, 9, 20).orElseThrow())).containsExactly(20L);
    }

    @Test
    void whatIsLargerThanAllOfItIsNotKept() {
        LogCache none = new LogCache(0);
        none.add(topic, found(10, 20));
        assertThat(none.bytes()).isZero();
        assertThat(none.end(topic)).isEmpty();
    }

    @Test
    void whatNotEverybodyMayReadIsNotKeptAndIsReadByWhoBroughtIt() {
        LogRead farther = partly(10, 25, 0, 20, 30, 40);
        cache.add(topic, farther);
        assertThat(cache.end(topic)).hasValue(25);

        assertThat(cache.page(topic, 10, 9, farther)).hasValueSatisfying(page -> {
            assertThat(offsets(page)).containsExactly(20L, 30L, 40L);
            assertThat(page.more()).isFalse();
            assertThat(page.upto()).isEqualTo(40);
        });
        assertThat(offsets(cache.page(topic, 10, 9, partly(25, 25, 0, 30, 40)).orElseThrow()))
                .containsExactly(20L, 30L, 40L);
        assertThat(page(10, 9, 25)).hasValueSatisfying(page -> {
            assertThat(offsets(page)).containsExactly(20L);
            assertThat(page.upto()).isEqualTo(25);
        });
        assertThat(cache.page(topic, 10, 2, farther)).hasValueSatisfying(page -> {
            assertThat(offsets(page)).containsExactly(20L, 30L);
            assertThat(page.more()).isTrue();
        });
    }

    @Test
    void whatIsNotKnownUpToWhereAReadBeganIsNotSkipped() {
        cache.add(topic, found(10, 20));
        LogRead farther = partly(30, 30, 0, 40);
        assertThat(cache.page(topic, 10, 9, farther)).hasValueSatisfying(page -> {
            assertThat(offsets(page)).containsExactly(20L);
            assertThat(page.more()).isTrue();
        });
        assertThat(cache.page(topic, 5, 9, farther)).isEmpty();
    }

    @Test
    void whereSomethingWasTakenOutAllOfThatLogIsForgotten() {
        cache.add(topic, partly(10, 40, 0, 20, 30, 40));
        cache.add(other, found(10, 20));
        long one = cache.bytes() / 2;
        LogRead later = partly(40, 40, 7, 40);
        assertThat(cache.page(topic, 10, 9, later)).isEmpty();
        assertThat(cache.bytes()).isLessThan(one);

        cache.add(topic, partly(10, 40, 7, 30, 40));
        cache.add(topic, partly(10, 40, 0, 20, 30, 40));
        assertThat(offsets(cache.page(topic, 10, 9, later).orElseThrow())).containsExactly(30L, 40L);
        assertThat(offsets(cache.page(other, 10, 9, read(20, 20, 0)).orElseThrow()))
                .containsExactly(20L);
        cache.add(topic, partly(40, 50, 8, 50));
        assertThat(cache.page(topic, 30, 9, partly(50, 50, 8, 50))).isEmpty();
        cache.page(other, 10, 9, partly(20, 30, 1, 30));
        cache.page(topic, 10, 9, partly(20, 30, 9, 30));
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void ofTopicsWithoutAnythingToReadNothingIsKept() {
        for (int i = 0; i < 1000; i++) {
            cache.add(new Topic("demo", "empty-" + i), read(0, 0, 0));
            cache.add(new Topic("demo", "read-" + i), read(40, 40, 0));
        }
        assertThat(cache.topics()).isZero();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aTopicOfWhichOnlyThatIsKnownTakesMemoryToo() {
        LogCache small = new LogCache(7_000);
        for (int i = 0; i < 1000; i++) {
            small.add(new Topic("demo", "passed-" + i), read(10, 20, 0));
        }
        assertThat(small.topics()).isEqualTo(10);
    }
}
