package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PortsTest {

    @Test
    void portsAreOfTheRangeBelowTheSystemsAndGivenOnce() throws IOException {
        int ofSystem;
        try (BufferedReader range = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            ofSystem = Integer.parseInt(range.readLine().split("\\s", 2)[0]);
        }
        assumeTrue(ofSystem >= 20_000);

        List<Integer> ports = IntStream.range(0, 30).mapToObj(_ -> Ports.free()).toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 10_000);
        assertThat(ports).as("where the system begins to take its own is read").anyMatch(port -> port >= 11_000);
    }
}
