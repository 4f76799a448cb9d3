package io.longline.room.transport.speech;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the head of an HTTP request. Stricter than some: lines end in CRLF, and a header is one line. */
public final class RequestParser {
    private static final int END_BYTES = 4; // the end of a line, and an empty one
    private static final Pattern LINE = Pattern.compile("([A-Z]+) ([\\x21-\\x7e\\x80-\\xff]+) HTTP/[0-9]\\.[0-9]");
    private static final Pattern HEADER =
            Pattern.compile("([!#$%&'*+\\-.^_`|~0-9A-Za-z]+):([\\t\\x20-\\x7e\\x80-\\xff]*+)");

    /** What became of some bytes. */
    public sealed interface Result {

        /** The head is not complete yet. */
        record NeedMore() implements Result {}

        /** It is none, or longer than allowed. */
        record Bad() implements Result {}

        /** The head; what remains in the buffer comes after it. */
        record Whole(RequestHead head) implements Result {}
    }

    private RequestParser() {}

    /**
     * Consumes the head that begins at the position of {@code in} if it is there as a whole, otherwise nothing.
     *
     * @param looked so many of the bytes were there at the last call, in which the head did not end
     */
    public static Result parse(ByteBuffer in, int looked) {
        int end = end(in, in.position() + Math.max(0, looked - END_BYTES + 1));
        int length = (end < 0 ? in.limit() : end) - in.position();
        if (length > RequestHead.MAX_LINE_BYTES && isTooLarge(in, length)) {
            return new Result.Bad();
        }
        if (end < 0) {
            return new Result.NeedMore();
        }
        byte[] bytes = new byte[length - END_BYTES];
        in.get(bytes).position(end);
        return read(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The index behind the head, or -1. */
    private static int end(ByteBuffer in, int from) {
        for (int i = from; i <= in.limit() - END_BYTES; i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + END_BYTES;
            }
        }
        return -1;
    }

    private static boolean isTooLarge(ByteBuffer in, int length) {
        for (int line = 0; line < RequestHead.MAX_LINE_BYTES; line++) {
            if (in.get(in.position() + line) == '\n') {
                return length - line > RequestHead.MAX_HEADER_BYTES;
            }
        }
        return true;
    }

    private static Result read(String head) {
        String[] lines = head.split("\r\n", -1);
        var first = LINE.matcher(lines[0]);
        if (!first.matches()) {
            return new Result.Bad();
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            var header = HEADER.matcher(lines[i]);
            if (!header.matches()) {
                return new Result.Bad();
            }
            headers.computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(header.group(2).strip());
        }
        return new Result.Whole(new RequestHead(
                first.group(1),
                first.group(2),
                name -> Optional.ofNullable(headers.get(name)).orElse(List.of())));
    }
}
