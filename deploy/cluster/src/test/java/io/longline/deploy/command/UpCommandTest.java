package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class UpCommandTest {

    @TempDir
    Path data;

    private final StringWriter told = new StringWriter();

    private int up(String... options) {
        CommandLine line = LonglineMain.commandLine().setErr(new PrintWriter(told));
        String[] arguments = new String[options.length + 3];
        arguments[0] = "up";
        arguments[1] = "--data";
        arguments[2] = data.resolve("data").toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return line.execute(arguments);
    }

    @ParameterizedTest
    @CsvSource({"--dispatcher-port,70000", "--room-port,65536", "--center-port,-1", "--admin-port,65531"})
    void aPortThatIsNoneIsToldByItsOption(String option, String port) {
        assertThat(up(option, port)).isEqualTo(2);
        assertThat(told.toString()).contains(option + " is " + port, "65535");
        assertThat(data.resolve("data")).doesNotExist();
    }

    @Test
    void thePortOfTheLastRoomCounts() {
        assertThat(up("--room-port", "65530", "--rooms", "10")).isEqualTo(2);
        assertThat(told.toString()).contains("--room-port is 65530 for 10 instances");
    }

    @Test
    void aDataFolderThatIsNoneIsToldInALine() throws IOException {
        Path file = Files.writeString(data.resolve("data"), "a file");
        assertThat(up()).isEqualTo(1);
        assertThat(told.toString().strip())
                .contains("cannot use the data folder", file.toString())
                .hasLineCount(1);
    }

    @Test
    void whatIsPrintedForAShellIsOneWord() {
        assertThat(ClusterSummary.quoted("/opt/longline/deploy/longline")).isEqualTo("/opt/longline/deploy/longline");
        assertThat(ClusterSummary.quoted("/home/my folder/it's")).isEqualTo("'/home/my folder/it'\\''s'");
    }
}
