package io.longline.keeper.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Errors as HTTP answers. */
final class HttpErrors {
    private static final int VERSION_NOT_SUPPORTED = 505;

    /** Helidon puts there the whole line, and a slash. */
    private static final Pattern OTHER_VERSION = Pattern.compile(" HTTP/[0-9](\\.[0-9])?/$");

    /** How Helidon begins instead of a message that repeats what came. */
    private static final String UNSAID = "Bad request, see server log";

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
    static HttpResponse ofTransport(
            TransportRequest request, EventType type, int status, String problem, String requestId) {
        if (type == EventType.HTTP_VERSION_NOT_SUPPORTED
                || OTHER_VERSION.matcher(request.protocolVersion()).find()) {
            byte[] body = ErrorTranslator.toJson(
                    invalid("the request is in a version of HTTP that is not spoken here, expected HTTP/1.1"),
                    VERSION_NOT_SUPPORTED,
                    requestId);
            return HttpResponse.of(VERSION_NOT_SUPPORTED, "application/json", body);
        }
        LonglineException error = switch (status) {
            case 413 -> new LonglineException(ErrorCode.PAYLOAD_TOO_LARGE, "the body is too large");
            case 414 -> invalid("the request line is too long, expected at most " + HttpServer.MAX_LINE + " bytes");
            case 503 -> new LonglineException(ErrorCode.OVERLOADED, "too many requests at the same moment");
            case 500 -> new LonglineException(ErrorCode.INTERNAL, "internal error");
            default -> invalid(malformed(request, problem));
        };
        return response(error, requestId);
    }

    private static String malformed(TransportRequest request, String problem) {
        if (problem.equals("Header size exceeded")) {
            return "the headers are too large, expected at most " + HttpServer.MAX_HEADERS + " bytes";
        }
        if (!problem.isBlank() && !problem.startsWith(UNSAID)) {
            return "the request cannot be read: " + problem;
        }
        return request.protocolVersion().equals("HTTP/1.1")
                ? "the path is no path of a URI, expected one that is percent-encoded: " + request.path()
                : "the request line cannot be read, expected METHOD /path HTTP/1.1";
    }

    private static LonglineException invalid(String message) {
        return new LonglineException(ErrorCode.INVALID_ARGUMENT, message);
    }

    private static long wholeSeconds(Duration time) {
        return Math.max(1, (time.toMillis() + 999) / 1000);
    }
}
