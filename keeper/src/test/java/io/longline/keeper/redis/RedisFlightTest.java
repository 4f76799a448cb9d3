package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.rpc.Allowance;
import org.junit.jupiter.api.Test;

class RedisFlightTest {

    private final Allowance flight = new Allowance(RedisStore.IN_FLIGHT);

    @Test
    void soManyCallsAreTakenAndNoMoreUntilOneIsOver() {
        for (int i = 0; i < RedisStore.IN_FLIGHT.requests(); i++) {
            assertThat(flight.tryTake(1)).isTrue();
        }
        assertThat(flight.tryTake(0)).isFalse();

        flight.give(1, 1);

        assertThat(flight.tryTake(0)).isTrue();
        assertThat(flight.requests()).isEqualTo(RedisStore.IN_FLIGHT.requests());
        assertThat(flight.bytes()).isEqualTo(RedisStore.IN_FLIGHT.requests() - 1);
    }

    @Test
    void soManyBytesAreTakenAndNoMoreUntilSomeAreAnswered() {
        int half = (int) (RedisStore.IN_FLIGHT.bytes() / 2);
        assertThat(flight.tryTake(half)).isTrue();
        assertThat(flight.tryTake(half)).isTrue();
        assertThat(flight.tryTake(1)).isFalse();
        assertThat(flight.requests()).isEqualTo(2);

        flight.give(1, half);

        assertThat(flight.tryTake(1)).isTrue();
    }

    @Test
    void oneThatIsLargerThanTheLimitIsTakenAlone() {
        int large = (int) RedisStore.IN_FLIGHT.bytes() + 1;
        assertThat(flight.tryTake(large)).isTrue();
        assertThat(flight.tryTake(0)).isFalse();
    }
}
