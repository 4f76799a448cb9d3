package io.longline.keeper.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The enum and the table of {@code proto/rpc/ERRORS.md} say the same. */
class ErrorCodeTest {
    private static final Pattern ROW =
            Pattern.compile("\\| (`[A-Z_` ]+`) \\| (\\d{3}) \\| `([A-Z_]+)` \\| (yes|no) \\|.*");

    @Test
    void theTableNamesEveryReasonWithItsHttpStatusItsGrpcCodeAndWhetherToTryAgain() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("../proto/rpc/ERRORS.md")).stream()
                .flatMap(ErrorCodeTest::rows)
                .toList();
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code + " " + code.http() + " " + code.grpc() + " " + code.retryable())
                        .toList());
    }

    private static Stream<String> rows(String line) {
        Matcher row = ROW.matcher(line);
        return row.matches()
                ? Arrays.stream(row.group(1).split(" "))
                        .map(reason -> reason.replace("`", "") + " " + row.group(2) + " " + row.group(3) + " "
                                + row.group(4).equals("yes"))
                : Stream.empty();
    }
}
