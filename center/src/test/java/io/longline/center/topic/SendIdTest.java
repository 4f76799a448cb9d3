package io.longline.center.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.shard.Shards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendIdTest {

    @Test
    void itIsReadBackFromAJobId() {
        SendId id = SendId.of("shop", "news", 1_900_000_000_000_123L);

        assertThat(id.shard()).isEqualTo(Shards.of("shop", "news"));
        assertThat(SendId.parse(id.text())).contains(id);
        assertThat(new SendId(7, 42).text()).isEqualTo("t7-42");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "t", "t7", "t7-", "t256-1", "t-7-1", "j0190-00ff", "t7-1x", "t7-12345678901234567", "T7-1"})
    void whatIsNoSendIsAJobOfAnotherKind(String jobId) {
        assertThat(SendId.parse(jobId)).isEmpty();
    }
}
