package io.longline.keeper.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer: status, headers, body. */
@SuppressWarnings("ArrayRecordComponent") // Answers are written, never compared.
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {

    /** The value as JSON: a JsonNode, a record, a map, a list. */
    public static HttpResponse json(int status, Object value) {
        return of(status, "application/json", Json.bytes(value));
    }

    public static HttpResponse text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static HttpResponse of(int status, String contentType, byte[] body) {
        return new HttpResponse(status, Map.of("Content-Type", contentType), body);
    }

    /** A copy with that header. */
    public HttpResponse header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }
}
