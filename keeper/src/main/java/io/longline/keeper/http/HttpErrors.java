package io.longline.keeper.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;

/** Errors as HTTP answers. */
final class HttpErrors {
    private HttpErrors() {}

    /** The contract's body; with Retry-After on 429 and 503, WWW-Authenticate on 401. */
    static HttpResponse response(LonglineException error, String requestId) {
        LonglineException shown = ErrorTranslator.outside(error);
        HttpResponse response =
                HttpResponse.of(shown.code().http(), "application/json", ErrorTranslator.toJson(shown, requestId));
        if (shown.code() == ErrorCode.UNAUTHENTICATED) {
            response = response.header("WWW-Authenticate", "Basic realm=\"longline\"");
        }
        return shown.retryAfter().isEmpty()
                ? response
                : response.header(
                        "Retry-After",
                        Long.toString(wholeSeconds(shown.retryAfter().get())));
    }

    /** What the HTTP library found wrong before it knew what is asked for. */
    static LonglineException ofTransport(int status, String message) {
        return switch (status) {
            case 413 -> new LonglineException(ErrorCode.PAYLOAD_TOO_LARGE, "the body is too large");
            case 414 -> new LonglineException(ErrorCode.INVALID_ARGUMENT, "the request line is too long");
            case 431 -> new LonglineException(ErrorCode.INVALID_ARGUMENT, "the headers are too large");
            case 503 -> new LonglineException(ErrorCode.OVERLOADED, "too many requests at the same moment");
            case 500 -> new LonglineException(ErrorCode.INTERNAL, "internal error");
            default -> new LonglineException(ErrorCode.INVALID_ARGUMENT, "not a request in HTTP/1.1: " + message);
        };
    }

    private static long wholeSeconds(Duration time) {
        return Math.max(1, (time.toMillis() + 999) / 1000);
    }
}
