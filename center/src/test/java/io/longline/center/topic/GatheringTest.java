package io.longline.center.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.product.Durability;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class GatheringTest {
    private static final int MOST = 5;

    private final Product product = Product.create("demo", Durability.REDIS)
            .with("merge", new MergeWindows(1_000, Map.of("quick", 0, "short", 80, "half", 500)));
    private final BlockingQueue<Duration> begun = new LinkedBlockingQueue<>();
    private final Semaphore over = new Semaphore(0);
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final Gathering gathering = new Gathering(
            new Products() {
                @Override
                public Optional<Product> find(String id) {
                    return id.equals(product.id()) ? Optional.of(product) : Optional.empty();
                }

                @Override
                public List<Product> all() {
                    return List.of(product);
                }
            },
            MOST,
            time -> {
                begun.add(time);
                over.acquire();
            });

    private boolean holds(String topic, String name) {
        return gathering.holds("demo", topic, 100, () -> told.add(name));
    }

    private Duration begins() throws InterruptedException {
        return begun.poll(5, TimeUnit.SECONDS);
    }

    @Test
    void theFirstGoesAtOnceAndWhatComesWithinAMomentGoesTogetherAtItsEnd() throws InterruptedException {
        assertThat(holds("news", "a")).isFalse();
        assertThat(begins()).isEqualTo(Duration.ofMillis(50));
        assertThat(holds("news", "b")).isTrue();
        assertThat(holds("more", "c")).isTrue();
        assertThat(told).isEmpty();

        over.release();
        assertThat(begins()).isEqualTo(Duration.ofMillis(50));
        assertThat(told).containsExactly("b", "c");
        assertThat(holds("news", "d")).as("another moment follows").isTrue();
    }

    @Test
    void afterAMomentInWhichNothingCameTheNextGoesAtOnce() throws InterruptedException {
        assertThat(holds("news", "a")).isFalse();
        assertThat(begins()).isNotNull();
        over.release();
        for (int i = 0; holds("news", "b" + i); i++) {
            over.release(); // it had not ended yet
        }
        assertThat(begins()).isNotNull();
    }

    @Test
    void aMomentIsInProportionToTheWindow() throws InterruptedException {
        assertThat(holds("half", "a")).isFalse();
        assertThat(begins()).isEqualTo(Duration.ofMillis(25));
        assertThat(holds("news", "b")).as("it waits for no other's").isFalse();
        assertThat(begins()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void nothingIsHeldWithoutAWindowOrWithAShortOne() {
        for (String topic : List.of("quick", "short")) {
            assertThat(holds(topic, "a")).isFalse();
            assertThat(holds(topic, "b")).isFalse();
        }
        assertThat(gathering.holds("unknown", "news", 100, () -> told.add("c"))).isFalse();
        assertThat(begun).isEmpty();
    }

    @Test
    void whatIsTooMuchGoesAtOnce() {
        assertThat(holds("news", "a")).isFalse();
        assertThat(holds("half", "b")).isFalse();
        assertThat(holds("news", "c")).isTrue();
        assertThat(holds("half", "d")).isTrue();
        assertThat(holds("half", "e")).isTrue();
        assertThat(holds("news", "f")).isTrue();
        assertThat(told).isEmpty();
        assertThat(holds("news", "g")).isTrue();
        assertThat(told).containsExactlyInAnyOrder("c", "d", "e", "f", "g");

        assertThat(gathering.holds("demo", "news", Gathering.MOST_BYTES, () -> told.add("h")))
                .isTrue();
        assertThat(told).contains("h");
    }

    @Test
    void afterOneThatEndsItsMomentTheNextBeginsAnother() throws InterruptedException {
        assertThat(holds("news", "a")).isFalse();
        assertThat(begins()).isNotNull();
        boolean held = gathering.holds("demo", "news", 100, () -> {
            throw new AssertionError("of this test");
        });
        assertThat(held).isTrue();
        over.release();
        await().dontCatchUncaughtExceptions().until(() -> !holds("news", "b"));
        assertThat(begins()).isNotNull();
    }

    @Test
    void oneThatFailsHarmsNoOther() throws InterruptedException {
        assertThat(holds("news", "a")).isFalse();
        assertThat(begins()).isNotNull();
        boolean held = gathering.holds("demo", "news", 100, () -> {
            throw new IllegalStateException("of this test");
        });
        assertThat(held).isTrue();
        assertThat(holds("news", "b")).isTrue();
        over.release();
        assertThat(begins()).isNotNull();
        assertThat(told).containsExactly("b");
    }
}
