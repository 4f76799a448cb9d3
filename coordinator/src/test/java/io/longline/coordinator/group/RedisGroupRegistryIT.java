package io.longline.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.coordinator.group.GroupRegistry.Entered;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is known of a product's types and groups, on a real Redis. */
@Timeout(60)
class RedisGroupRegistryIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final GroupRegistry registry = new RedisGroupRegistry(
            redis, new GroupConfig(2, 2, 1 << 20, Duration.ofMillis(250), Duration.ofSeconds(5), 10));
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final Deadline deadline = Deadline.after(Duration.ofSeconds(30));

    @BeforeEach
    void start() {
        redis.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private Entered enter(String type, String group) {
        return registry.enter(product, type, group, deadline);
    }

    @Test
    void thereAreSoManyGroupsOfATypeAndSoManyTypes() {
        assertThat(enter("order", "a")).isEqualTo(Entered.ENTERED);
        assertThat(enter("order", "b")).isEqualTo(Entered.ENTERED);
        assertThat(enter("order", "b")).isEqualTo(Entered.ENTERED);
        assertThat(enter("order", "c")).isEqualTo(Entered.GROUPS_FULL);
        assertThat(enter("chat", "a")).isEqualTo(Entered.ENTERED);
        assertThat(enter("parade", "a")).isEqualTo(Entered.TYPES_FULL);
        assertThat(registry.groups(product, "order", deadline)).containsExactly("a", "b");
        assertThat(registry.types(product, deadline)).containsExactly("chat", "order");

        assertThat(registry.depart(product, "chat", "a", deadline)).isTrue();
        assertThat(registry.depart(product, "chat", "a", deadline)).isFalse();

        assertThat(enter("parade", "a")).isEqualTo(Entered.ENTERED);
        assertThat(registry.types(product, deadline)).containsExactly("chat", "order", "parade");
    }

    @Test
    void soManyTypesMayWaitForNobodyAndThoseThatAreReadAreNotAmongThem() {
        assertThat(registry.admit(product, "a", 1, deadline)).isTrue();
        assertThat(registry.admit(product, "a", 1, deadline)).isTrue();
        assertThat(registry.admit(product, "b", 1, deadline)).isFalse();

        enter("a", "g");

        assertThat(registry.admit(product, "a", 1, deadline)).isTrue();
        assertThat(registry.admit(product, "b", 1, deadline)).isTrue();
        assertThat(registry.admit(product, "c", 1, deadline)).isFalse();

        registry.release(product, "b", deadline);

        assertThat(registry.admit(product, "c", 1, deadline)).isTrue();
    }

    @Test
    void consumersCountForAWhile() {
        Duration minute = Duration.ofMinutes(1);
        for (String consumer : Set.of("x", "y")) {
            registry.called(product, "order", "g", consumer, minute, deadline);
            registry.called(product, "order", "g", consumer, minute, deadline);
        }

        assertThat(registry.consumers(product, "order", Set.of("g", "h"), minute, deadline))
                .isEqualTo(Map.of("g", 2, "h", 0));
    }
}
