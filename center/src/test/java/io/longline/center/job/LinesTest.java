package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LinesTest {

    /** Each with its number. */
    private static List<String> read(InputStream body, int most) {
        Lines lines = new Lines(body);
        List<String> read = new ArrayList<>();
        for (byte[] line = lines.next(most, ErrorCode.INVALID_ARGUMENT);
                line != null;
                line = lines.next(most, ErrorCode.INVALID_ARGUMENT)) {
            read.add(lines.number() + " " + new String(line, StandardCharsets.UTF_8));
        }
        return read;
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void blankOnesAreCountedAndPassedOver() {
        assertThat(read(body("\n\na\n \t\r\nb\r\n\n"), 10)).containsExactly("3 a", "5 b\r");
        assertThat(read(body("a"), 10)).containsExactly("1 a");
        assertThat(read(body(""), 10)).isEmpty();
        assertThat(read(body("\n\n"), 10)).isEmpty();
    }

    @Test
    void theyMayComeByteByByteOrMoreThanIsReadAtOnce() {
        String long1 = "x".repeat(100_000);
        InputStream slow = new ByteArrayInputStream((long1 + "\nz\n" + long1).getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int from, int most) {
                return super.read(into, from, Math.min(most, 1));
            }
        };
        assertThat(read(slow, 200_000)).containsExactly("1 " + long1, "2 z", "3 " + long1);
        assertThat(read(body(long1 + "\n" + long1), 100_000)).hasSize(2);
    }

    @Test
    void oneThatIsTooLongIsNotReadToItsEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> read(endless, 100))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage("line 1: is longer than 100 bytes");
        assertThatThrownBy(() -> read(body("a\n\n" + "b".repeat(5) + "\n"), 4)).hasMessageStartingWith("line 3: ");
        assertThat(read(body("a\n" + "b".repeat(4)), 4)).hasSize(2);
    }

    @Test
    void whatIsWrongWithOneIsToldWithItsNumber() {
        Lines lines = new Lines(body("a\nb"));
        assertThat(lines.next(10, ErrorCode.INVALID_ARGUMENT)).isNotNull();
        byte[] second = Objects.requireNonNull(lines.next(10, ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> lines.understood(second, _ -> {
                    throw LonglineException.invalid("user", "is required");
                }))
                .hasMessage("line 2: user: is required")
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        e -> assertThat(e.details().getFirst().field()).isEqualTo("line 2: user"));
    }
}
