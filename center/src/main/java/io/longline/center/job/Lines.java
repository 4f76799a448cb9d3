package io.longline.center.job;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lines of a body, one after the other; no more of it is in memory than one of them and what was read with it. Blank ones are passed over. */
final class Lines {
    private static final int AT_ONCE = 64 << 10;

    private final InputStream body;
    private final byte[] read = new byte[AT_ONCE];
    private int at;
    private int end;
    private int number;

    Lines(InputStream body) {
        this.body = body;
    }

    /**
     * The next one without its end, or null.
     *
     * @param most bytes; one with more is the error
     */
    byte @Nullable [] next(int most, ErrorCode tooLong) {
        while (true) {
            byte[] line = one(most, tooLong);
            if (line == null || !isBlank(line)) {
                return line;
            }
        }
    }

    /** What becomes of the line that was read last; what is wrong with it is told with its number. */
    <T> T understood(byte[] line, Function<byte[], T> reader) {
        try {
            return reader.apply(line);
        } catch (LonglineException e) {
            throw numbered(e);
        }
    }

    /** Of the line that was read last; the first one is 1. */
    int number() {
        return number;
    }

    private byte @Nullable [] one(int most, ErrorCode tooLong) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean begun = false;
        while (at < end || fill()) {
            if (!begun) {
                begun = true;
                number++;
            }
            int from = at;
            while (at < end && read[at] != '\n') {
                at++;
            }
            line.write(read, from, at - from);
            if (line.size() > most) {
                throw numbered(new LonglineException(tooLong, "is longer than " + most + " bytes")
                        .detail("line", "expected at most " + most + " bytes"));
            }
            if (at < end) {
                at++;
                break;
            }
        }
        return begun ? line.toByteArray() : null;
    }

    private boolean fill() {
        try {
            at = 0;
            end = Math.max(0, body.read(read));
            return end > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private LonglineException numbered(LonglineException problem) {
        String line = "line " + number + ": ";
        LonglineException told = new LonglineException(problem.code(), line + problem.getMessage());
        for (FieldProblem detail : problem.details()) {
            told = told.detail(line + detail.field(), detail.problem());
        }
        return told;
    }
}
