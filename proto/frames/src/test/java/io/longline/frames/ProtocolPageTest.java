package io.longline.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} shows bytes; these tests keep them true. */
class ProtocolPageTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- golden: (\\S+)\\.(hex|json) -->\\s*```\\w*\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyMarkedExampleEqualsItsGoldenFile() throws IOException {
        String page = page();
        Matcher example = EXAMPLE.matcher(page);
        int examples = 0;
        while (example.find()) {
            examples++;
            String file = example.group(1);
            if (example.group(2).equals("hex")) {
                assertThat(GoldenFiles.hexDigits(example.group(3)))
                        .as(file)
                        .isEqualTo(GoldenFiles.hex(GoldenFiles.bytes(file)));
            } else {
                assertThat(example.group(3).strip()).as(file).isEqualTo(GoldenFiles.json(file));
            }
        }
        assertThat(examples).isGreaterThan(10).isEqualTo(page.split("<!-- golden:", -1).length - 1);
    }

    @Test
    void everyCloseCodeStandsInTheTable() throws IOException {
        String page = page();
        for (CloseCode code : CloseCode.values()) {
            assertThat(page)
                    .contains("| " + code.number() + " | " + code.reason() + " | " + (code.retry() ? "yes" : "no")
                            + " |");
        }
    }

    @Test
    void theLimitsAreTheOnesInTheCode() throws IOException {
        assertThat(page()).contains("| a frame from a client | 64 KiB |").contains("| a frame from a room | 1 MiB |");
        assertThat(FrameLimits.FROM_CLIENT.maxFrameBytes()).isEqualTo(64 * 1024);
        assertThat(FrameLimits.FROM_ROOM.maxFrameBytes()).isEqualTo(1024 * 1024);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../PROTOCOL.md"));
    }
}
