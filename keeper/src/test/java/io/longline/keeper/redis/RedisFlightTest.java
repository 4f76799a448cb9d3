package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisFlightTest {

    private final RedisFlight flight = new RedisFlight();

    @Test
    void soManyCallsAreTakenAndNoMoreUntilOneIsOver() {
        for (int i = 0; i < RedisFlight.LIMIT; i++) {
            assertThat(flight.enter(1)).isTrue();
        }
        assertThat(flight.enter(0)).isFalse();

        flight.leave(1);

        assertThat(flight.enter(0)).isTrue();
        assertThat(flight.calls()).isEqualTo(RedisFlight.LIMIT);
        assertThat(flight.bytes()).isEqualTo(RedisFlight.LIMIT - 1);
    }

    @Test
    void soManyBytesAreTakenAndNoMoreUntilSomeAreAnswered() {
        int half = (int) (RedisFlight.BYTES_LIMIT / 2);
        assertThat(flight.enter(half)).isTrue();
        assertThat(flight.enter(half)).isTrue();
        assertThat(flight.enter(1)).isFalse();
        assertThat(flight.calls()).isEqualTo(2);

        flight.leave(half);

        assertThat(flight.enter(1)).isTrue();
    }

    @Test
    void oneThatIsLargerThanTheLimitIsTakenAlone() {
        int large = (int) RedisFlight.BYTES_LIMIT + 1;
        assertThat(flight.enter(large)).isTrue();
        assertThat(flight.enter(0)).isFalse();
    }
}
