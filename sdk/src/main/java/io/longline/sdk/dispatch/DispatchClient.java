package io.longline.sdk.dispatch;

import io.longline.frames.DecodeResult;
import io.longline.frames.json.DispatchAnswers;
import io.longline.v1.DispatchAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the dispatchers, in the order in which they were given, until one answers (CONTRACT section 3). */
public final class DispatchClient {
    private static final int TIMEOUT_MS = 5_000;
    private static final String PROTOBUF = "application/x-protobuf";

    private final List<String> dispatchers;
    private final String who;

    /** Of several endpoints on one link, {@code product} and {@code user} are those of the first. */
    public DispatchClient(List<String> dispatchers, String product, String user, @Nullable String device) {
        this.dispatchers = new ArrayList<>(dispatchers);
        this.who = "/v1/dispatch?product=" + encoded(product) + "&user=" + encoded(user)
                + (device == null ? "" : "&device=" + encoded(device));
    }

    /**
     * The first answer with at least one address.
     *
     * @param attempt how many whole lists failed
     * @param failed the addresses, {@code HOST:PORT}, that failed
     * @param last the address that worked last
     */
    DispatchAnswer ask(int attempt, Collection<String> failed, @Nullable String last) throws IOException {
        StringBuilder query = new StringBuilder(who).append("&attempt=").append(attempt);
        if (!failed.isEmpty()) {
            query.append("&failed=").append(encoded(String.join(",", failed)));
        }
        if (last != null) {
            query.append("&last=").append(encoded(last));
        }
        IOException problem = new IOException("no dispatcher is configured");
        for (String dispatcher : dispatchers) {
            try {
                return askOne(dispatcher + query);
            } catch (IOException e) {
                problem = e;
            }
        }
        throw problem;
    }

    private static DispatchAnswer askOne(String address) throws IOException {
        HttpURLConnection http = (HttpURLConnection) new URL(address).openConnection();
        try {
            http.setConnectTimeout(TIMEOUT_MS);
            http.setReadTimeout(TIMEOUT_MS);
            http.setUseCaches(false);
            http.setRequestProperty("Accept", PROTOBUF + ", application/json;q=0.5");
            if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new DispatchRefused(
                        "the dispatcher answered " + http.getResponseCode(),
                        Backoff.atMostADay(1_000L * http.getHeaderFieldInt("Retry-After", 0)));
            }
            String type = http.getContentType();
            DispatchAnswer answer = parsed(body(http), type != null && type.startsWith(PROTOBUF));
            if (answer.getRoomsCount() == 0) {
                throw new DispatchRefused("the dispatcher knows no room", 0);
            }
            return answer;
        } finally {
            http.disconnect();
        }
    }

    private static DispatchAnswer parsed(byte[] body, boolean protobuf) throws IOException {
        if (protobuf) {
            return DispatchAnswer.parseFrom(body);
        }
        DecodeResult<DispatchAnswer> result = DispatchAnswers.decode(ByteBuffer.wrap(body));
        if (result instanceof DecodeResult.Frame) {
            return ((DecodeResult.Frame<DispatchAnswer>) result).frame();
        }
        throw new IOException("the dispatcher's answer is none: " + result);
    }

    private static byte[] body(HttpURLConnection http) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        try (InputStream in = http.getInputStream()) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                body.write(part, 0, n);
                if (body.size() > DispatchAnswers.MAX_BYTES) {
                    throw new IOException("the dispatcher's answer is over " + DispatchAnswers.MAX_BYTES + " bytes");
                }
            }
        }
        return body.toByteArray();
    }

    @SuppressWarnings("JdkObsolete") // encode(String, Charset) came with Android 33
    private static String encoded(String text) {
        try {
            return URLEncoder.encode(text, "UTF-8");
        } catch (IOException e) {
            throw new IllegalStateException("every platform has UTF-8", e);
        }
    }
}
