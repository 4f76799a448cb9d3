package io.longline.keeper.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request's body within a limit. What nobody reads is taken off the wire after the answer, up to {@link #DRAINED} or that limit and for
 * {@link #DRAINING}: a caller that sends all before it reads would otherwise see a reset instead of the answer.
 */
final class HttpBody {
    /** Bytes that are read and thrown away; a body of more than these is refused before anybody looks at it. */
    static final long DRAINED = 16 << 20;

    private static final Duration DRAINING = Duration.ofSeconds(10);

    private final ServerRequest request;
    private long limit;
    private final BodyWatch watch;
    private byte @Nullable [] bytes;
    /** Helidon gives it out once. */
    private @Nullable InputStream stream;

    private boolean broken;

    HttpBody(ServerRequest request, long limit, BodyWatch watch) {
        this.request = request;
        this.limit = limit;
        this.watch = watch;
    }

    /** This one may be as large as that, if the usual limit is smaller. */
    void allow(long bytes) {
        limit = Math.max(limit, bytes);
    }

    byte[] read() {
        byte[] known = bytes;
        if (known == null) {
            known = readOnce();
            bytes = known;
        }
        return known;
    }

    /** As it comes, instead of {@link #read}: a read waits as long as one of a whole body may. */
    InputStream open() {
        return request.content().hasEntity() ? new BodyStream(this, checkedLimit()) : InputStream.nullInputStream();
    }

    /** What is there, at most so much; -1 at the end. */
    int readSome(byte[] into, int from, int most) {
        return guarded(() -> stream().read(into, from, most));
    }

    /** Whether the connection is at its end, as far as is known before the rest is read. */
    boolean isLast() {
        return broken || waitsForContinue() || (isUnread() && announced() > limit);
    }

    /** Takes off the wire what nobody has read, once the answer is on it; false if the connection cannot be used for another request. */
    boolean finish() {
        if (broken || waitsForContinue()) {
            return false;
        }
        if (!isUnread()) {
            return true;
        }
        try {
            long most = Math.max(DRAINED, limit);
            return watch.inTime(DRAINING, () -> stream().skip(most)) < most;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private byte[] readOnce() {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        int most = (int) Math.min(Integer.MAX_VALUE - 8, checkedLimit() + 1);
        byte[] read = guarded(() -> stream().readNBytes(most));
        if (read.length > limit) {
            throw tooLarge();
        }
        return read;
    }

    /** Throws where the head says that the body will not be read. */
    private long checkedLimit() {
        if (announced() > limit) {
            throw tooLarge();
        }
        Optional<String> encoding = request.headers().first(HeaderNames.CONTENT_ENCODING);
        if (encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity")) {
            throw LonglineException.invalid(
                    "Content-Encoding", "is " + encoding.get() + ", expected a body that is not encoded");
        }
        return limit;
    }

    private <T> T guarded(BodyWatch.Read<T> read) {
        try {
            return watch.inTime(read);
        } catch (IOException | RuntimeException e) { // Whatever Helidon makes of chunks that are none.
            broken = true;
            if (e instanceof RequestException refused
                    && refused.status().code() == ErrorCode.PAYLOAD_TOO_LARGE.http()) {
                throw tooLarge();
            }
            throw new LonglineException(ErrorCode.INVALID_ARGUMENT, "the body is broken or broke off", e);
        }
    }

    private boolean isUnread() {
        return request.content().hasEntity() && !request.content().consumed();
    }

    private long announced() {
        return request.headers().contentLength().orElse(0);
    }

    private boolean waitsForContinue() {
        return request.content().hasEntity()
                && request.headers().containsToken(HeaderValues.EXPECT_100)
                && !request.continueSent();
    }

    LonglineException tooLarge() {
        return new LonglineException(ErrorCode.PAYLOAD_TOO_LARGE, "the body is larger than " + limit + " bytes");
    }

    private InputStream stream() {
        InputStream known = stream;
        if (known == null) {
            known = request.content().inputStream();
            stream = known;
        }
        return known;
    }
}
