package io.longline.keeper.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {

    @Test
    void theShardsOfKnownKeysNeverChange() {
        // CRC32C, computed elsewhere. A change here loses every key in every Redis.
        assertThat(Shards.of("demo", "u1001")).isEqualTo(78);
        assertThat(Shards.of("demo", "alice")).isEqualTo(98);
        assertThat(Shards.of("shop-2", "order-8812-paid")).isEqualTo(11);
        assertThat(Shards.key("demo", "Zürich")).isEqualTo(11);
    }

    @Test
    void theKeyOfAPeerIsTheShard() {
        assertThat(Shards.key("demo", "u1001")).isEqualTo(Shards.of("demo", "u1001"));
    }

    @Test
    void partsAreNotJoinedWithoutABorder() {
        assertThat(IntStream.range(0, 50).filter(i -> Shards.of("a" + i, "b") == Shards.of("a", i + "b")))
                .hasSizeLessThan(5);
    }

    @Test
    void usersAreSpreadOverAllShardsEvenly() {
        int[] users = new int[Shards.COUNT];
        IntStream.range(0, 25_600).forEach(i -> users[Shards.of("demo", "user-" + i)]++);
        assertThat(users)
                .satisfies(counts ->
                        assertThat(IntStream.of(counts).min().orElse(0)).isGreaterThan(50));
        assertThat(IntStream.of(users).max().orElse(0)).isLessThan(160);
    }

    @Test
    void theTagIsTheHashTagOfRedis() {
        assertThat(Shards.tag(0)).isEqualTo("{s0}");
        assertThat(Shards.tag(255)).isEqualTo("{s255}");
        assertThatThrownBy(() -> Shards.tag(256)).hasMessage("shard 256, expected 0 to 255");
    }
}
