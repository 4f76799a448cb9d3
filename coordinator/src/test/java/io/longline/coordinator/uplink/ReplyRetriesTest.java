package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.coordinator.UplinkMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplyRetriesTest {
    private static final Uplink.Sender SENDER =
            new Uplink.Sender("shop", "u1", "phone", 41, new Uplink.Place("room-1", 7, 1, 2, 3));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** How often each was tried, by its id. */
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();

    private volatile int takenAfter = Integer.MAX_VALUE;
    private ReplyRetries retries = with(10, 100, Duration.ofMinutes(5));

    private ReplyRetries with(int replies, int bytes, Duration inAll) {
        return new ReplyRetries(
                this::store,
                new ReplyRetries.Limits(replies, bytes, Duration.ofMillis(1), Duration.ofMillis(2), inAll),
                new UplinkMetrics(registry));
    }

    private CompletableFuture<Boolean> store(Reply reply) {
        return CompletableFuture.completedFuture(tries.merge(reply.messageId(), 1, Integer::sum) >= takenAfter);
    }

    private static Reply reply(String id, String text) {
        return new Reply(id, "in-reply-to", SENDER, text);
    }

    private double count(String result) {
        return registry.counter("longline.coordinator.uplink.replies", "result", result)
                .count();
    }

    @AfterEach
    void close() {
        retries.close();
    }

    @Test
    void whatAnInboxDidNotTakeIsTriedUntilItDoes() {
        takenAfter = 5;
        retries.add(reply("a", "yes"));
        retries.add(reply("b", "no"));
        assertThat(retries.size()).isEqualTo(2);
        retries.start();

        await().until(() -> retries.size() == 0);
        assertThat(tries).isEqualTo(Map.of("a", 5, "b", 5));
        assertThat(count("stored")).isEqualTo(2);
        assertThat(count("failed")).isZero();
    }

    @Test
    void afterSomeTimeItIsGivenUp() {
        retries = with(10, 100, Duration.ofMillis(20));
        retries.add(reply("a", "yes"));
        retries.start();

        await().until(() -> retries.size() == 0);
        assertThat(count("failed")).isEqualTo(1);
    }

    @Test
    void whatFindsNoRoomIsGivenUpAtOnce() {
        retries = with(2, 5, Duration.ofMinutes(5));
        retries.add(reply("a", "123"));
        retries.add(reply("b", "123"));
        assertThat(count("failed")).isEqualTo(1);
        retries.add(reply("c", "12"));
        retries.add(reply("d", ""));
        assertThat(count("failed")).isEqualTo(2);
        assertThat(retries.size()).isEqualTo(2);
    }
}
