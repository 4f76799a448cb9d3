package io.longline.coordinator.callback;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Callback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts to one place of a callback, on connections of its own. Follows no redirect, keeps no cookie, uses no proxy of the environment. A request ends
 * with its time-out, however slowly the answer trickles; of an answer at most 1 MiB is read, and no header without end.
 */
final class CallbackClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallbackClient.class);

    static final int MOST_ANSWER_BYTES = 1 << 20;
    /** Of the status, a header, or the size of a chunk; in bytes. */
    private static final int MOST_LINE = 16 << 10;

    private static final int MOST_HEADERS = 200;
    private static final int SUCCESS = 200;
    private static final int AFTER_SUCCESS = 300;
    private static final int CHUNK = 8 << 10;
    /** After that a name is resolved anew. */
    private static final TimeValue CONNECTION_LIFE = TimeValue.ofMinutes(1);

    private final URI uri;
    private final Duration timeout;
    private final CloseableHttpClient http;

    /** @param url of the callback's, the one that it posts to */
    CallbackClient(Callback callback, String url, DnsResolver addresses) {
        this.uri = URI.create(url);
        this.timeout = Duration.ofMillis(callback.timeoutMs());
        Timeout most = Timeout.ofMilliseconds(callback.timeoutMs());
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxLineLength(MOST_LINE)
                                        .setMaxHeaderCount(MOST_HEADERS)
                                        .build())
                                .build())
                        .setMaxConnTotal(Gate.atATime(callback))
                        .setMaxConnPerRoute(Gate.atATime(callback))
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(most).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(most)
                                .setSocketTimeout(most)
                                .setTimeToLive(CONNECTION_LIFE)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(most)
                        .setConnectionRequestTimeout(most)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Longline")
                .build();
    }

    /** Waits for the outcome; never throws for what the other side does. */
    CallbackOutcome post(byte[] body, String signature) {
        HttpPost request = new HttpPost(uri);
        request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        request.setHeader(Signature.HEADER, signature);
        AtomicBoolean over = new AtomicBoolean();
        Thread watch = Thread.ofVirtual().start(() -> endLater(request, over));
        try {
            ClassicHttpResponse response = http.executeOpen(HttpHost.create(uri), request, null);
            try {
                return outcome(response, request);
            } finally {
                closeQuietly(response);
            }
        } catch (IOException | IllegalStateException e) {
            return new CallbackOutcome.Unanswered(
                    over.get() ? "no answer within " + timeout.toMillis() + " ms" : why(e));
        } finally {
            watch.interrupt();
        }
    }

    private void endLater(HttpPost request, AtomicBoolean over) {
        try {
            TimeUnit.NANOSECONDS.sleep(timeout.toNanos());
            over.set(true);
            request.cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // answered before
        }
    }

    /** What was answered stands, however the connection ends. */
    private static void closeQuietly(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            log.debug("a connection to a callback ended badly error={}", e.getMessage());
        }
    }

    private static CallbackOutcome outcome(ClassicHttpResponse response, HttpPost request) {
        int status = response.getCode();
        if (status < SUCCESS || status >= AFTER_SUCCESS) {
            request.cancel(); // what else it has to say nobody reads
            return new CallbackOutcome.Refused(status);
        }
        ByteString answer = read(response.getEntity());
        if (answer == null) {
            request.cancel(); // rather than read to the end
            return new CallbackOutcome.Taken(ByteString.EMPTY);
        }
        return new CallbackOutcome.Taken(answer);
    }

    /** Null where it is too long, or broke off. It was taken all the same. */
    private static @Nullable ByteString read(@Nullable HttpEntity entity) {
        if (entity == null) {
            return ByteString.EMPTY;
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = entity.getContent();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                answer.write(chunk, 0, n);
                if (answer.size() > MOST_ANSWER_BYTES) {
                    return null;
                }
            }
            return ByteString.copyFrom(answer.toByteArray());
        } catch (IOException e) {
            return null;
        }
    }

    private static String why(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Requests that are under way fail. */
    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
