package io.longline.keeper.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessArgumentsTest {

    @Test
    void theFileAndTheFlagsAreToldApart() {
        ProcessArguments arguments = ProcessArguments.parse(new String[] {
            "--room.port=7100", "--config", "/etc/longline/room.conf", "--mysql.url=jdbc:mysql://h/?a=b"
        });
        assertThat(arguments.file()).isEqualTo(Path.of("/etc/longline/room.conf"));
        assertThat(arguments.flags()).isEqualTo(Map.of("room.port", "7100", "mysql.url", "jdbc:mysql://h/?a=b"));
    }

    @Test
    void theFileMayStandBehindAnEqualsSign() {
        assertThat(ProcessArguments.parse(new String[] {"--config=a.conf"}).file())
                .isEqualTo(Path.of("a.conf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"room.port=7100", "--room.port", "--=7100", "-p", "--config"})
    void whatIsNeitherIsRefused(String argument) {
        assertThatThrownBy(() -> ProcessArguments.parse(new String[] {argument}))
                .hasMessage("argument \"" + argument + "\", expected --config FILE or --key=value");
    }
}
