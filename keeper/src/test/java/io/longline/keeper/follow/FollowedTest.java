package io.longline.keeper.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FollowedTest {

    private final Followed<String> value = new Followed<>("test", "none");

    @Test
    void aFollowerIsToldOfWhatComesAfterWhatItKnows() {
        List<String> all = new CopyOnWriteArrayList<>();
        List<String> later = new CopyOnWriteArrayList<>();
        value.set("a");
        AutoCloseable _ = value.follow(0, all::add);
        AutoCloseable _ = value.follow(value.present().number(), later::add);
        await().until(() -> all.equals(List.of("a")));

        value.set("b");

        await().until(() -> all.equals(List.of("a", "b")) && later.equals(List.of("b")));
    }

    @Test
    void anEqualValueIsAVersionToo() {
        List<String> told = new CopyOnWriteArrayList<>();
        AutoCloseable _ = value.follow(0, told::add);
        value.set("a");
        await().until(() -> told.size() == 1);

        value.set("a");

        await().until(() -> told.equals(List.of("a", "a")));
    }

    @Test
    void aSlowFollowerIsToldTheNewestAndDelaysNobody() {
        CountDownLatch slow = new CountDownLatch(1);
        List<String> slowly = new CopyOnWriteArrayList<>();
        List<String> quickly = new CopyOnWriteArrayList<>();
        AutoCloseable _ = value.follow(0, text -> {
            slowly.add(text);
            awaitUninterruptibly(slow);
        });
        AutoCloseable _ = value.follow(0, quickly::add);
        value.set("a");
        await().until(() -> slowly.equals(List.of("a")));

        value.set("b");
        await().until(() -> quickly.contains("b"));
        value.set("c");
        await().until(() -> quickly.contains("c"));
        slow.countDown();

        await().until(() -> slowly.equals(List.of("a", "c")));
    }

    @Test
    void whoLeftIsToldNothingMore() throws Exception {
        List<String> left = new CopyOnWriteArrayList<>();
        List<String> stays = new CopyOnWriteArrayList<>();
        AutoCloseable _ = value.follow(0, stays::add);
        for (int i = 0; i < 1_000; i++) {
            value.follow(value.present().number(), left::add).close();
            value.set("a" + i);
        }

        await().until(() -> stays.contains("a999"));
        assertThat(left).isEmpty();
    }

    @Test
    void aFollowerThatFailsIsToldAgain() {
        List<String> failing = new CopyOnWriteArrayList<>();
        AutoCloseable _ = value.follow(0, text -> {
            failing.add(text);
            throw new IllegalStateException("on purpose");
        });

        value.set("a");
        await().until(() -> failing.equals(List.of("a")));
        value.set("b");

        await().until(() -> failing.equals(List.of("a", "b")));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
