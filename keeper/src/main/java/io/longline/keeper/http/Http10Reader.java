package io.longline.keeper.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection, where a first request in HTTP/1.0 (nginx' {@code proxy_pass}, HAProxy's {@code httpchk}, {@code ab})
 * becomes one in HTTP/1.1 that asks for the connection to be closed: answers have a Content-Length and are understood by both.
 * All else comes through as it is, so that Helidon finds what is wrong with it. Read by the thread of the connection.
 */
final class Http10Reader implements Supplier<byte @Nullable []> {
    private static final String OLD = " HTTP/1.0\r\n";

    private final DataReader wire;
    private final HeadWatch watch;
    private final int maxLine;
    private final int maxHead;
    private boolean begun;

    Http10Reader(DataReader wire, HeadWatch watch, int maxLine, int maxHead) {
        this.wire = wire;
        this.watch = watch;
        this.maxLine = maxLine;
        this.maxHead = maxHead;
    }

    /** What is there, at least a byte; null after the last one. */
    @Override
    public byte @Nullable [] get() {
        if (begun) {
            return next();
        }
        begun = true;
        return first();
    }

    private byte @Nullable [] first() {
        StringBuilder head = new StringBuilder();
        while (mayBecomeOld(head)) {
            byte[] more = next();
            if (more == null) {
                break;
            }
            head.append(new String(more, StandardCharsets.ISO_8859_1));
        }
        if (head.isEmpty()) {
            return null;
        }
        String read = isOld(head) ? translated(head) : head.toString();
        return read.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte @Nullable [] next() {
        try {
            watch.await(wire::ensureAvailable);
        } catch (InsufficientDataAvailableException e) {
            return null;
        }
        return wire.readBytes(wire.available());
    }

    /** Whether more has to be read to know, or to have the whole head. */
    private boolean mayBecomeOld(StringBuilder head) {
        return head.indexOf("\n") < 0
                ? head.length() <= maxLine
                : isOld(head) && endOf(head) < 0 && head.length() <= maxHead;
    }

    private static boolean isOld(StringBuilder head) {
        int end = head.indexOf("\n") + 1;
        return end >= OLD.length() && head.substring(end - OLD.length(), end).equals(OLD);
    }

    /** Where the body begins; -1 before the head is whole. */
    private static int endOf(StringBuilder head) {
        int strict = head.indexOf("\r\n\r\n");
        int lenient = head.indexOf("\n\n");
        return strict < 0 ? (lenient < 0 ? -1 : lenient + 2) : strict + 4;
    }

    private static String translated(StringBuilder head) {
        int end = endOf(head);
        int line = head.indexOf("\n") + 1;
        StringBuilder made = new StringBuilder(head.length() + 64)
                .append(head, 0, line - OLD.length())
                .append(" HTTP/1.1\r\nConnection: close\r\n");
        if (end < 0) {
            return made.append(head, line, head.length()).toString(); // Too large, or broken off.
        }
        boolean host = false;
        for (String header : head.substring(line, end).split("(?<=\n)", -1)) {
            String name = header.substring(0, Math.max(0, header.indexOf(':'))).toLowerCase(Locale.ROOT);
            host |= name.equals("host");
            if (header.isBlank() && !host) {
                made.append("Host: localhost\r\n");
                host = true;
            }
            // An expectation in HTTP/1.0 is none, and keep-alive an offer that is not taken.
            if (!name.equals("connection") && !name.equals("expect")) {
                made.append(header);
            }
        }
        return made.append(head, end, head.length()).toString();
    }
}
