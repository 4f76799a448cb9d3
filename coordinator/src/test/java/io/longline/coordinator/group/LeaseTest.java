package io.longline.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {

    @Test
    void itsIdNamesIt() {
        Lease lease = new Lease(255, 9_007_199_254_740_991L, 1_800_000_000_000L);

        assertThat(Lease.of(lease.id())).contains(lease);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1-2", "1-2-3-4", "256-2-3", "-1-2-3", "a-b-c", "1-12345678901234567-3", "1--3"})
    void whatIsNoneOfOursIsNone(String id) {
        assertThat(Lease.of(id)).isEmpty();
    }
}
