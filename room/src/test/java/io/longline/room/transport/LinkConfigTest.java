package io.longline.room.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkConfigTest {

    private static ConfigReader reader(Map<String, String> flags) {
        return new ConfigReader(ConfigSource.builder().flags(flags).build());
    }

    private static ConfigReader reader(String links) {
        return reader(Map.of("room.links", links));
    }

    @Test
    void linksAreLeanWhereEpollIs() {
        assertThat(LinkConfig.read(reader(Map.of()), true).kind()).isEqualTo(LinkKind.LEAN);
        assertThat(LinkConfig.read(reader(Map.of()), false).kind()).isEqualTo(LinkKind.CHANNEL);
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
