package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ShardDemandTest {
    private final ShardDemand demand = new ShardDemand();

    @Test
    void whatIsAskedForMostComesFirstAlsoIfItWasAskedForMeanwhile() {
        Set<Integer> left = new HashSet<>(Set.of(1, 2, 3, 4));
        demand.askedFor(3);
        demand.askedFor(2);
        demand.askedFor(2);
        demand.askedFor(200);

        assertThat(demand.takeMostAskedFor(left)).isEqualTo(2);
        demand.askedFor(4);
        demand.askedFor(4);
        assertThat(demand.takeMostAskedFor(left)).isEqualTo(4);
        assertThat(demand.takeMostAskedFor(left)).isEqualTo(3);
        assertThat(demand.takeMostAskedFor(left)).isEqualTo(1);
        assertThat(left).isEmpty();
    }
}
