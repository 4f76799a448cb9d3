package io.longline.room.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long MS = 1_000_000;
    private static final Duration SHARE = Duration.ofSeconds(3);
    private static final long SMALL = 100;

    private long now = -5_000 * MS; // clocks of this kind begin anywhere
    private final List<Long> people = new ArrayList<>();

    private Pacer pacer(long bytesPerS) {
        return new Pacer(() -> now, new ByteBudget(bytesPerS, () -> now));
    }

    private int use(Pacer pacer, int wanted, long bytes) {
        int taken = pacer.take(wanted, bytes);
        pacer.used(taken);
        for (int i = 0; i < taken; i++) {
            people.add(now);
        }
        return taken;
    }

    /** Asks every so often, by some steps sooner or later, and renews the share in time. */
    private void run(Pacer pacer, int rate, Duration time, Random random) {
        long end = now + time.toNanos();
        while (now < end) {
            pacer.share(rate, SHARE);
            use(pacer, 512, SMALL);
            now += random.nextLong(1, 40) * MS;
        }
    }

    /** In the second that ends with each of them. */
    private int mostInASecond() {
        int most = 0;
        int first = 0;
        for (int last = 0; last < people.size(); last++) {
            while (people.get(last) - people.get(first) >= 1_000 * MS) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void inNoSecondThatIsLookedAtThereAreMoreThanTheRate() {
        for (int rate : new int[] {1, 3, 10, 99, 1_000, 5_000}) {
            people.clear();
            now += 10_000 * MS;
            Pacer pacer = pacer(0);

            run(pacer, rate, Duration.ofSeconds(20), new Random(rate));

            assertThat(mostInASecond()).as("rate %d", rate).isLessThanOrEqualTo(rate);
            assertThat(people.size()).as("rate %d over 20 s", rate).isGreaterThan(rate * 20 * 8 / 10);
        }
    }

    @Test
    void theyAreSpreadOverTheSecond() {
        Pacer pacer = pacer(0);
        pacer.share(1_000, SHARE);

        assertThat(use(pacer, 5_000, SMALL)).isEqualTo(100);
        now += 20 * MS;
        assertThat(use(pacer, 5_000, SMALL)).isZero();
        now += 80 * MS;
        assertThat(use(pacer, 5_000, SMALL)).isEqualTo(100);
    }

    @Test
    void whatWasNotUsedIsNotSavedUp() {
        Pacer pacer = pacer(0);
        pacer.share(100, Duration.ofSeconds(60));
        now += 30_000 * MS;

        int taken = 0;
        for (int ms = 0; ms < 1_000; ms += 10) {
            taken += use(pacer, 5_000, SMALL);
            now += 10 * MS;
        }
        assertThat(taken).isLessThanOrEqualTo(100);
    }

    @Test
    void onceTheShareIsOverNobodyMay() {
        Pacer pacer = pacer(0);
        assertThat(use(pacer, 5, SMALL)).as("before there is one").isZero();
        pacer.share(0, SHARE);
        now += 2_999 * MS;
        assertThat(use(pacer, 5, SMALL)).isEqualTo(5);
        now += 1 * MS;

        assertThat(use(pacer, 5, SMALL)).isZero();
        assertThat(pacer.isOver()).isTrue();
        pacer.share(0, SHARE);
        assertThat(use(pacer, 5, SMALL)).isEqualTo(5);
        pacer.rest();
        assertThat(use(pacer, 5, SMALL)).isZero();
    }

    @Test
    void withoutALimitAsManyMayAsThereAre() {
        Pacer pacer = pacer(0);
        pacer.share(0, SHARE);

        assertThat(use(pacer, 1_000_000, SMALL)).isEqualTo(1_000_000);
    }

    @Test
    void afterAChangeOfTheRateTheSecondBeforeCountsToo() {
        Pacer pacer = pacer(0);
        pacer.share(0, SHARE);
        use(pacer, 200, SMALL);
        pacer.share(100, SHARE);

        now += 900 * MS;
        assertThat(use(pacer, 500, SMALL)).isZero();
        now += 150 * MS;
        assertThat(use(pacer, 500, SMALL)).isEqualTo(10);
        pacer.share(1_000, SHARE);
        assertThat(use(pacer, 500, SMALL)).isEqualTo(90);
        for (int rate : new int[] {300, 20, 700, 1}) {
            people.clear();
            now += 1_100 * MS;
            run(pacer, rate, Duration.ofSeconds(5), new Random(rate));
            assertThat(mostInASecond()).isLessThanOrEqualTo(rate);
        }
    }

    @Test
    void thoseWhoReadFirstCountUntilItIsKnownWhatBecameOfThem() {
        Pacer pacer = pacer(0);
        pacer.share(10, Duration.ofSeconds(60));
        for (int i = 0; i < 10; i++) {
            assertThat(pacer.take(1, SMALL)).isEqualTo(1);
            now += 100 * MS;
        }
        now += 5_000 * MS;

        assertThat(pacer.take(1, SMALL))
                .as("all ten may be written this moment")
                .isZero();
        pacer.unused(1);
        assertThat(pacer.take(1, SMALL)).isEqualTo(1);
        pacer.used(10);
        assertThat(pacer.take(1, SMALL)).isZero();
        now += 1_020 * MS;
        assertThat(pacer.take(1, SMALL)).isEqualTo(1);
    }

    @Test
    void allBroadcastsTogetherKeepToTheBytes() {
        ByteBudget bytes = new ByteBudget(10_000, () -> now);
        Pacer one = new Pacer(() -> now, bytes);
        Pacer other = new Pacer(() -> now, bytes);
        for (int ms = 0; ms < 10_000; ms += 20) {
            one.share(0, SHARE);
            other.share(0, SHARE);
            use(one, 512, SMALL);
            use(other, 512, SMALL);
            now += 20 * MS;
        }

        assertThat(mostInASecond()).isLessThanOrEqualTo(100);
        assertThat(people.size()).isGreaterThan(800);
    }

    @Test
    void aMessageThatIsLargerThanASecondsBytesHasASecondForItself() {
        Pacer pacer = pacer(1_000);
        pacer.share(0, Duration.ofSeconds(60));
        for (int ms = 0; ms < 5_000; ms += 20) {
            use(pacer, 10, 4_096);
            now += 20 * MS;
        }

        assertThat(mostInASecond()).isEqualTo(1);
        assertThat(people).hasSize(5);
    }

    @Test
    void whereEverybodyMayHaveItOnlyTheBytesCount() {
        Pacer pacer = pacer(10_000);

        assertThat(pacer.takeUnpaced(512, SMALL)).isEqualTo(10);
    }
}
