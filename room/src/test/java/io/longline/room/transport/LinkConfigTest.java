package io.longline.room.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkConfigTest {

    private static ConfigReader reader(String links) {
        return new ConfigReader(
                ConfigSource.builder().flags(Map.of("room.links", links)).build());
    }

    @Test
    void leanLinksAreRefusedOnAMachineWithoutEpoll() {
        ConfigReader reader = reader("lean");

        assertThat(LinkConfig.read(reader, false).kind()).isEqualTo(LinkKind.LEAN);

        assertThatThrownBy(reader::finish)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("room.links is \"lean\", expected channel, because this machine has no epoll");
    }

    @Test
    void channelsNeedNoEpoll() {
        ConfigReader reader = reader("channel");

        assertThat(LinkConfig.read(reader, false).kind()).isEqualTo(LinkKind.CHANNEL);

        reader.finish();
    }
}
