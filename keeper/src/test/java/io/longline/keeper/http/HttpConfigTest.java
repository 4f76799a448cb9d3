package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpConfigTest {

    @Test
    void theDefaultsAreThoseOfTheRecord() {
        assertThat(read(Map.of())).isEqualTo(HttpConfig.onPort(7200));
    }

    @Test
    void everyKeyIsReadBelowItsPrefix() {
        assertThat(read(Map.of(
                        "center.port", "7201",
                        "center.advertise-port", "7202",
                        "center.max-body", "2MiB",
                        "center.max-requests", "3",
                        "center.max-connections", "4",
                        "center.idle", "5s",
                        "center.drain", "6s")))
                .isEqualTo(new HttpConfig(7201, 7202, 2 << 20, 3, 4, Duration.ofSeconds(5), Duration.ofSeconds(6)));
    }

    private static HttpConfig read(Map<String, String> flags) {
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        HttpConfig config = HttpConfig.read(reader, "center", 7200);
        reader.finish();
        return config;
    }
}
