package io.longline.room.transport.speech;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What a room answers to HTTP that is no upgrade to our WebSocket, in the shape that errors have on every service. */
public enum HttpRefusal {
    BAD_REQUEST("400 Bad Request", "INVALID_ARGUMENT", "this is not HTTP as expected", ""),
    UNKNOWN_SUBPROTOCOL(
            "400 Bad Request",
            "INVALID_ARGUMENT",
            "Sec-WebSocket-Protocol: expected longline.v1 or longline.v1.json, or none",
            ""),
    NOT_FOUND("404 Not Found", "NOT_FOUND", "nothing is here; links begin at /v1/connect", ""),
    METHOD_NOT_ALLOWED("405 Method Not Allowed", "METHOD_NOT_ALLOWED", "expected GET", "Allow: GET\r\n"),
    UPGRADE_REQUIRED(
            "426 Upgrade Required",
            "INVALID_ARGUMENT",
            "expected an upgrade to WebSocket, version 13",
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");

    private final String status;
    private final String reason;
    private final String message;
    private final String headers;

    HttpRefusal(String status, String reason, String message, String headers) {
        this.status = status;
        this.reason = reason;
        this.message = message;
        this.headers = headers;
    }

    /** The whole response, after which the connection closes. */
    public byte[] response() {
        String body =
                "{\"error\": {\"code\": %s, \"reason\": \"%s\", \"message\": \"%s\", \"retryable\": false, \"request_id\": \"%s\"}}"
                        .formatted(status.substring(0, 3), reason, message, UUID.randomUUID());
        String connection = this == UPGRADE_REQUIRED ? "Upgrade, close" : "close";
        String response = "HTTP/1.1 " + status + "\r\n"
                + headers
                + "Connection: " + connection + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
        return response.getBytes(StandardCharsets.US_ASCII);
    }
}
