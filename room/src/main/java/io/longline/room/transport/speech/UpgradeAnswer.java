package io.longline.room.transport.speech;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What becomes of an HTTP request: an upgrade to WebSocket at {@code /v1/connect}, or nothing. */
public sealed interface UpgradeAnswer {

    record Refused(HttpRefusal refusal) implements UpgradeAnswer {}

    /**
     * The client speaks WebSocket from here on.
     *
     * @param named whether it asked for a subprotocol
     */
    record Agreed(String key, WebSocketFormat format, boolean named) implements UpgradeAnswer {
        private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3

        public byte[] response() {
            String response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n"
                    + (named ? "Sec-WebSocket-Protocol: " + format.subprotocol() + "\r\n" : "")
                    + "\r\n";
            return response.getBytes(StandardCharsets.US_ASCII);
        }

        private static String accept(String key) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1")
                        .digest((key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-1", e);
            }
        }
    }

    static UpgradeAnswer to(RequestHead head, WebSocketFormats formats) {
        if (!head.path().equals("/v1/connect")) {
            return new Refused(HttpRefusal.NOT_FOUND);
        }
        if (!head.method().equals("GET")) {
            return new Refused(HttpRefusal.METHOD_NOT_ALLOWED);
        }
        if (!wantsWebSocket(head)) {
            return new Refused(HttpRefusal.UPGRADE_REQUIRED);
        }
        if (hasBody(head)) {
            return new Refused(HttpRefusal.BAD_REQUEST);
        }
        String key = head.all("sec-websocket-key").getFirst();
        List<String> asked = head.words("sec-websocket-protocol");
        if (asked.isEmpty()) {
            return new Agreed(key, formats.json(), false);
        }
        Optional<WebSocketFormat> spoken =
                asked.stream().flatMap(name -> formats.named(name).stream()).findFirst();
        return spoken.<UpgradeAnswer>map(format -> new Agreed(key, format, true))
                .orElseGet(() -> new Refused(HttpRefusal.UNKNOWN_SUBPROTOCOL));
    }

    private static boolean wantsWebSocket(RequestHead head) {
        return head.lists("connection", "upgrade")
                && head.lists("upgrade", "websocket")
                && head.all("sec-websocket-version").contains("13")
                && !head.all("sec-websocket-key").isEmpty();
    }

    /** Then nobody could say where the first message begins. */
    private static boolean hasBody(RequestHead head) {
        return !head.all("transfer-encoding").isEmpty()
                || head.all("content-length").stream().anyMatch(length -> !length.equals("0"));
    }
}
