package io.longline.room.broadcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.room.fake.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BroadcastTopicsTest {
    private final TestLoop loop = new TestLoop();
    private final List<CompletableFuture<List<String>>> asked = new ArrayList<>();
    private final BroadcastTopics topics = new BroadcastTopics(this::ask, loop, () -> loop.nowMs() * 1_000_000, 0);
    private final List<String> told = new ArrayList<>();

    private CompletableFuture<List<String>> ask(String product) {
        asked.add(new CompletableFuture<>());
        return asked.getLast();
    }

    private void listen() {
        topics.tell(new BroadcastTopics.Listener() {
            @Override
            public void known(String product) {
                told.add("known " + product);
            }

            @Override
            public void appeared(BroadcastTopic topic, boolean first) {
                told.add("appeared " + topic.name() + (first ? " with its first" : ""));
            }
        });
    }

    @Test
    void thoseOfAProductAreAskedForOnceUntilTheyAreKnown() {
        listen();
        assertThat(topics.of("demo")).isNull();
        assertThat(topics.of("demo")).isNull();
        assertThat(asked).hasSize(1);
        asked.getFirst().completeExceptionally(LonglineException.dependencyDown("redis", "away", null));
        loop.run(Duration.ofSeconds(1));
        assertThat(asked).hasSize(2);
        assertThat(told).isEmpty();

        asked.getLast().complete(List.of("*", "*news"));
        loop.run();

        assertThat(told).containsExactly("known demo");
        assertThat(requireNonNull(topics.of("demo")))
                .extracting(BroadcastTopic::name)
                .containsExactlyInAnyOrder("*", "*news");
        assertThat(asked).hasSize(2);
    }

    @Test
    void oneOfWhichSomebodyTellsIsKnownToAllFromThenOn() {
        listen();
        BroadcastTopic one = topics.appeared("demo", "*", true);
        assertThat(topics.appeared("demo", "*", false)).isSameAs(one);
        assertThat(topics.appeared("other", "*", false)).isNotSameAs(one);

        assertThat(told).containsExactly("appeared * with its first", "appeared *");
        assertThat(topics.of("demo")).as("there may be others").isNull();
        asked.getFirst().complete(List.of("*"));
        loop.run();
        assertThat(requireNonNull(topics.of("demo"))).containsExactly(one);
    }
}
