package io.longline.saver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.shard.Shards;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TopicTest {

    @Test
    void allTopicsOfAProductThatAreForBroadcastsAreInOneShard() {
        int shard = Shards.of("demo", "*");
        assertThat(IntStream.range(0, 50).map(i -> new Topic("demo", "*urgent-" + i).shard()))
                .containsOnly(shard);
        assertThat(new Topic("demo", "*").shard()).isEqualTo(shard).isEqualTo(Topic.shardOfBroadcasts("demo"));
        assertThat(new Topic("demo", "news").shard()).isEqualTo(Shards.of("demo", "news"));
    }

    @Test
    void whatEveryEndpointFollowsIsToldByItsFirstCharacter() {
        assertThat(new Topic("demo", "*").isBroadcast()).isTrue();
        assertThat(new Topic("demo", "a*").isBroadcast()).isFalse();
        assertThat(Topic.checkedBroadcast("demo", "*urgent").text()).isEqualTo("demo/*urgent");
        assertThatThrownBy(() -> Topic.checkedBroadcast("demo", "news")).hasMessageContaining("topic");
        assertThatThrownBy(() -> Topic.checkedFollowedName("*urgent")).hasMessageContaining("topic");
        assertThat(Topic.checkedFollowedName("news")).isEqualTo("news");
    }

    @Test
    void anIdThatIsNoneIsNamed() {
        assertThatThrownBy(() -> Topic.checked("demo", "*a/b")).hasMessageContaining("topic");
        assertThatThrownBy(() -> Topic.checked("demo", "")).hasMessageContaining("topic");
        assertThatThrownBy(() -> Topic.checked("De", "*")).hasMessageContaining("product");
    }
}
