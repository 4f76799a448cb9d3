package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RpcConfigTest {

    @Test
    void theDefaultsAreThoseOfTheRecord() {
        assertThat(read(Map.of())).isEqualTo(RpcConfig.defaults());
    }

    @Test
    void everyKeyIsRead() {
        RpcConfig config = read(Map.ofEntries(
                Map.entry("rpc.port", "7001"),
                Map.entry("rpc.advertise-port", "7002"),
                Map.entry("rpc.max-message", "8MiB"),
                Map.entry("rpc.drain", "9s"),
                Map.entry("rpc.batch-requests", "10"),
                Map.entry("rpc.batch-bytes", "11KiB"),
                Map.entry("rpc.queue-requests", "12"),
                Map.entry("rpc.queue-bytes", "13KiB"),
                Map.entry("rpc.in-flight-requests", "14"),
                Map.entry("rpc.in-flight-bytes", "15KiB"),
                Map.entry("rpc.linger", "22ms"),
                Map.entry("rpc.silence", "21ms"),
                Map.entry("rpc.server-requests", "16"),
                Map.entry("rpc.server-requests-of-method", "17"),
                Map.entry("rpc.server-requests-of-stream", "18"),
                Map.entry("rpc.server-bytes-of-stream", "19KiB"),
                Map.entry("rpc.server-streams", "20")));
        assertThat(config)
                .isEqualTo(new RpcConfig(
                        7001,
                        7002,
                        8 << 20,
                        Duration.ofSeconds(9),
                        new RpcConfig.Outgoing(
                                10,
                                11 << 10,
                                new RpcConfig.Limit(12, 13 << 10),
                                new RpcConfig.Limit(14, 15 << 10),
                                Duration.ofMillis(22),
                                Duration.ofMillis(21)),
                        new RpcConfig.Incoming(16, 17, new RpcConfig.Limit(18, 19 << 10), 20)));
    }

    private static RpcConfig read(Map<String, String> flags) {
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        RpcConfig config = RpcConfig.read(reader);
        reader.finish();
        return config;
    }
}
