package io.longline.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrometheusTest {

    @Test
    void eachSeriesIsReadWithItsLabels() {
        Map<String, Double> series = Prometheus.parse("""
                # HELP queue_depth what waits
                # TYPE queue_depth gauge
                queue_depth{to="saver",method="Store it"} 3.0
                queue_depth{to="room",method="End"} 1.5E2
                up 1
                limit +Inf
                """);
        assertThat(series)
                .containsOnly(
                        Map.entry("queue_depth{to=\"saver\",method=\"Store it\"}", 3.0),
                        Map.entry("queue_depth{to=\"room\",method=\"End\"}", 150.0),
                        Map.entry("up", 1.0),
                        Map.entry("limit", Double.POSITIVE_INFINITY));
    }
}
