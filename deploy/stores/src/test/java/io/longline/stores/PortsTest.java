package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PortsTest {

    @Test
    void portsAreOfAWideRangeAndGivenOnce() {
        List<Integer> ports = IntStream.range(0, 30).mapToObj(_ -> Ports.free()).toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 10_000);
        assertThat(ports).as("where the system begins to take its own is read").anyMatch(port -> port >= 11_000);
    }
}
