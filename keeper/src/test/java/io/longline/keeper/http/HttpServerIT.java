package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerIT {
    private static final int LIMIT = 100_000;
    /** Of bodies that are read as they come: more than is kept of any, and than is read away of others. */
    private static final long LARGEST = 40 << 20;

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpRoutes routes = new HttpRoutes()
            .get("/hello/{name}", this::hello)
            .post("/echo", request -> HttpResponse.of(200, "application/octet-stream", request.body()))
            .post("/json", request -> HttpResponse.json(201, request.json()))
            .post("/count", this::count)
            .post("/first", request -> {
                try (InputStream body = request.bodyStream(LARGEST)) {
                    return HttpResponse.text(200, Integer.toString(body.read()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            })
            .post("/deaf", request -> HttpResponse.text(200, "not read"))
            .post("/refused", request -> {
                throw new LonglineException(ErrorCode.UNAUTHENTICATED, "no secret was given");
            })
            .get("/wait", this::waiting)
            .get(
                    "/layered",
                    HttpLayer.chain(
                            List.of(marking("a"), marking("b")),
                            request -> HttpResponse.text(200, request.attached(StringBuilder.class) + "handler")))
            .get("/fault", request -> {
                throw new IllegalStateException("secret detail");
            })
            .get("/busy", request -> {
                throw new LonglineException(ErrorCode.QUEUE_FULL, "the queue is full")
                        .retryAfter(Duration.ofMillis(1_200));
            })
            .get("/secret", request -> {
                throw new LonglineException(ErrorCode.UNAUTHENTICATED, "no secret was given");
            });
    private final HttpConfig config = new HttpConfig(0, LIMIT, 8, 100, Duration.ofSeconds(30), Duration.ofSeconds(20));
    private final HttpServer server = new HttpServer(config, metrics, routes, LARGEST);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        release.countDown();
        server.close();
        client.shutdownNow();
    }

    @Test
    void aHandlerSeesPathQueryAndHeaders() throws Exception {
        var answer = get("/hello/J%C3%BCrgen?greeting=good+day%21&empty=");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("good+day! Jürgen from /hello/{name} [greeting, empty] 127.0.0.1");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    }

    @Test
    void layersSeeARequestInTheirOrderAndHandThingsOn() throws Exception {
        assertThat(get("/layered").body()).isEqualTo("a b handler");
    }

    @Test
    void theRequestIdOfTheCallerComesBackAndOthersGetOne() throws Exception {
        assertThat(get("/hello/x", "X-Request-Id", "order-1").headers().firstValue("X-Request-Id"))
                .contains("order-1");
        assertThat(get("/hello/x", "X-Request-Id", "a b").headers().firstValue("X-Request-Id"))
                .get()
                .asString()
                .matches("[0-9a-f]{16}");
        assertThat(error(get("/none", "X-Request-Id", "order-2"))
                        .get("request_id")
                        .asText())
                .isEqualTo("order-2");
    }

    @Test
    void unknownPathsAndMethodsHaveTheErrorShape() throws Exception {
        var unknown = get("/v1/none");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(error(unknown).get("reason").asText()).isEqualTo("NOT_FOUND");
        assertThat(error(unknown).get("retryable").asBoolean()).isFalse();

        var method = send("PATCH", "/echo", BodyPublishers.noBody());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(error(method).get("reason").asText()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(method.headers().firstValue("Allow")).contains("POST");
        assertThat(send("PATCH", "/hello/x", BodyPublishers.noBody()).headers().firstValue("Allow"))
                .contains("GET, HEAD");
        assertThat(unknown.headers().firstValue("Allow")).isEmpty();
    }

    @Test
    void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
        try (Socket socket = connect()) {
            for (String path : List.of("/hello/x", "/secret", "/none", "/echo")) {
                String request = path + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: same\r\n\r\n";
                write(socket, "HEAD " + request);
                String head = head(socket);
                write(socket, "GET " + request); // Its answer begins where that of HEAD ends.
                String get = oneAnswer(socket);
                if (path.equals("/echo")) {
                    assertThat(head).startsWith("HTTP/1.1 405").contains("Allow: POST\r\n");
                } else {
                    assertThat(withoutDate(head)).isEqualTo(withoutDate(get.substring(0, get.indexOf("\r\n\r\n") + 4)));
                    assertThat(head).doesNotContainIgnoringCase("content-length: 0\r\n");
                }
            }
        }
        assertThat(metrics.get("longline.http.requests")
                        .tags("route", "/hello/{name}", "method", "HEAD", "status", "200")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void headInHttp10AndWhereItIsBrokenHasNoBodyEither() throws Exception {
        assertThat(raw("HEAD /hello/x HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
        assertThat(raw("HEAD /hello/x HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aFaultOfOursIsToldWithoutItsDetails() throws Exception {
        var answer = get("/fault");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(error(answer).get("reason").asText()).isEqualTo("INTERNAL");
        assertThat(answer.body()).doesNotContain("secret detail");
    }

    @Test
    void whatMayBeTriedAgainSaysWhenAndWhoeverIsUnknownHow() throws Exception {
        var busy = get("/busy");
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(busy.headers().firstValue("Retry-After")).contains("2");
        assertThat(error(busy).get("retry_after_ms").asLong()).isEqualTo(1_200);

        var secret = get("/secret");
        assertThat(secret.statusCode()).isEqualTo(401);
        assertThat(secret.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"longline\"");
    }

    @Test
    void aBodyUpToTheLimitIsTakenAndALargerOneIs413() throws Exception {
        assertThat(send("POST", "/echo", BodyPublishers.ofByteArray(new byte[LIMIT]))
                        .statusCode())
                .isEqualTo(200);
        for (int size : List.of(LIMIT + 1, 5 << 20)) {
            var answer = send("POST", "/echo", BodyPublishers.ofByteArray(new byte[size]));
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(error(answer).get("reason").asText()).isEqualTo("PAYLOAD_TOO_LARGE");
        }
    }

    @Test
    void aBodyOfUnknownLengthIsLimitedToo() throws Exception {
        BodyPublisher chunks = BodyPublishers.ofByteArrays(
                Stream.generate(() -> new byte[10_000]).limit(500).toList());
        assertThat(send("POST", "/echo", chunks).statusCode()).isEqualTo(413);
        assertThat(send("POST", "/deaf", BodyPublishers.ofByteArray(new byte[5 << 20]))
                        .body())
                .isEqualTo("not read");
    }

    @ParameterizedTest
    @CsvSource({
        "/echo, 5000000, 413",
        "/echo, 99999999999, 413",
        "/refused, 5000000, 401",
        "/refused, 99999999999, 413",
        "/deaf, 5000000, 200"
    })
    void whereTheLengthSaysItIsTooLargeTheAnswerDoesNotWaitForTheBody(String path, String length, int status)
            throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\nbegun");
            String answer = oneAnswer(socket);
            assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("connection: close\r\n");
        }
    }

    @Test
    void aRefusalDoesNotWaitForABodyAndTheConnectionGoesOnAfterIt() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 401").doesNotContainIgnoringCase("connection: close");
            write(socket, "12345GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource({"/echo, 413", "/refused, 401"})
    void whoSendsFifteenMegabytesBeforeReadingReadsTheAnswer(String path, int status) throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 15000000\r\n\r\n");
            for (int i = 0; i < 15; i++) {
                socket.getOutputStream().write(new byte[1_000_000]);
            }
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 " + status);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"/echo, 413", "/refused, 401"})
    void aChunkThatIsTooLargeIsNotRead(String path, int status) throws Exception {
        try (Socket socket = connect()) {
            write(
                    socket,
                    "POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\nbegun");
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 " + status);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aBodyWithoutEndIsReadUpToABound() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
            byte[] megabyte = new byte[1 << 20];
            int sent = 0;
            try {
                while (sent < 200) {
                    socket.getOutputStream().write(megabyte);
                    sent++;
                }
            } catch (IOException closed) {
                assertThat(closed).isNotNull();
            }
            assertThat(sent).isLessThan(100); // What is read, and what the two sockets hold.
        }
    }

    @Test
    void aTooLargeBodyThatStopsIsWaitedForOnlySoLong() throws Exception {
        HttpConfig impatient = new HttpConfig(0, LIMIT, 8, 100, Duration.ofSeconds(1), Duration.ofSeconds(2));
        try (HttpServer closing = new HttpServer(impatient, new SimpleMeterRegistry(), routes)) {
            closing.start();
            assertThat(raw(closing.port(), "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\nhalf"))
                    .startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aCallerThatAsksBeforeItSendsIsSpared() throws Exception {
        String answer =
                raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\nExpect: 100-continue\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413").contains("PAYLOAD_TOO_LARGE");
    }

    @Test
    void aConnectionIsOfUseAfterABodyThatWasTooLarge() throws Exception {
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        String answers = raw("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(LIMIT / 0x1000 + 20) + "0\r\n\r\n"
                + "GET /hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answers).startsWith("HTTP/1.1 413").contains("HTTP/1.1 200");
    }

    @Test
    void aBodyThatStopsInTheMiddleIsGivenUp() throws Exception {
        HttpConfig impatient = new HttpConfig(0, LIMIT, 8, 100, Duration.ofSeconds(1), Duration.ofSeconds(2));
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        try (HttpServer closing = new HttpServer(impatient, own, routes)) {
            closing.start();
            assertThat(raw(closing.port(), "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"))
                    .isEmpty();
            await().until(() -> own.get("longline.http.depth").gauge().value() == 0);
            assertThat(raw(closing.port(), "GET /hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static BodyPublisher large(long bytes) {
        return BodyPublishers.ofByteArrays(
                Stream.generate(() -> new byte[1 << 16]).limit(bytes >> 16).toList());
    }

    @Test
    void aBodyThatIsReadAsItComesMayBeLargerThanAnyThatIsKept() throws Exception {
        assertThat(send("POST", "/count", large(LARGEST)).body()).isEqualTo(Long.toString(LARGEST));
        assertThat(send("POST", "/count", BodyPublishers.ofByteArray(new byte[30 << 20]))
                        .body())
                .isEqualTo(Integer.toString(30 << 20));
        assertThat(send("POST", "/count", BodyPublishers.noBody()).body()).isEqualTo("0");
    }

    @Test
    void itHasALimitTooAndTheAnswerIsReadAllTheSame() throws Exception {
        assertThat(send("POST", "/count", large(LARGEST + (1 << 16))).statusCode())
                .isEqualTo(413);
        assertThat(send("POST", "/first", large(LARGEST)).body()).isEqualTo("0");
        try (Socket socket = connect()) {
            write(socket, "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + (LARGEST + 1) + "\r\n\r\n");
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aChunkOfItIsNoLargerThanWhatMayBeKept() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1800000\r\nbegun");
            assertThat(oneAnswer(socket)).startsWith("HTTP/1.1 413");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void noMoreOfItIsTakenThanIsRead() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST /count?wait=1 HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGEST + "\r\n\r\n");
            begun.await();
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (; sent.get() < LARGEST; sent.addAndGet(1 << 16)) {
                        socket.getOutputStream().write(new byte[1 << 16]);
                    }
                } catch (IOException e) {
                    sent.set(-1);
                }
            });
            AtomicLong before = new AtomicLong(-1);
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        long now = sent.get();
                        return before.getAndSet(now) == now;
                    });
            assertThat(sent.get()).as("what the two sockets hold").isBetween(0L, LARGEST / 2);
            release.countDown();
            assertThat(oneAnswer(socket)).endsWith(Long.toString(LARGEST));
            sender.join();
        }
    }

    @Test
    void oneThatBreaksOffIsBrokenAndGivenUpWhenNothingComes() throws Exception {
        HttpConfig impatient = new HttpConfig(0, LIMIT, 8, 100, Duration.ofSeconds(1), Duration.ofSeconds(2));
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        try (HttpServer closing = new HttpServer(impatient, own, routes, LARGEST)) {
            closing.start();
            assertThat(raw(closing.port(), "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"))
                    .isEmpty();
            await().until(() -> own.get("longline.http.depth").gauge().value() == 0);
            assertThat(raw(
                            closing.port(),
                            "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n"))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void jsonIsReadStrictly() throws Exception {
        assertThat(send("POST", "/json", BodyPublishers.ofString("{\"a\": 1}")).body())
                .isEqualTo("{\"a\":1}");
        var wrong = send("POST", "/json", BodyPublishers.ofString("{\"a\": 1, \"a\": 2}"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(error(wrong).get("details").get(0).get("field").asText()).isEqualTo("body");
    }

    @Test
    void aLongRequestLineIsTakenAndOneThatIsTooLongIs400() throws Exception {
        assertThat(get("/hello/x?failed=" + "a".repeat(12_000)).statusCode()).isEqualTo(200);
        var tooLong = get("/hello/x?failed=" + "a".repeat(20_000));
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(error(tooLong).get("reason").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /hello/x HTTP/1.1 | '' | the request cannot be read: Host header must be present in the request
            GET /hello/{x} HTTP/1.1 | Host: x | the path is no path of a URI, expected one that is percent-encoded: /hello/{x}
            GET /hello/%zz HTTP/1.1 | Host: x | the path is no path of a URI, expected one that is percent-encoded: /hello/%zz
            GET /hello/x HTTP/1.1 | Host: x~bad header | the request cannot be read: Invalid header, missing colon
            POST /echo HTTP/1.1 | Host: x~Content-Length: -1 | the request cannot be read: Content length is not a number
            POST /echo HTTP/1.1 | Host: x~Content-Length: 1~Content-Length: 2 | the request cannot be read: Content-Length header must have exactly one value.
            POST /echo HTTP/1.1 | Host: x~Content-Length: 1~Transfer-Encoding: chunked | the request cannot be read: Transfer-Encoding and Content-Length headers must not be combined
            POST /echo HTTP/1.1 | Host: x~Transfer-Encoding: gzip, chunked | the request cannot be read: Unsupported request transfer encoding
            POST /echo HTTP/1.1 | Host: x~Transfer-Encoding: chunked~~zz | the body is broken or broke off
            GET | Host: x | the request line cannot be read, expected METHOD /path HTTP/1.1
            hello | Host: x | the request line cannot be read, expected METHOD /path HTTP/1.1
            GET /hello/x | Host: x | the request line cannot be read, expected METHOD /path HTTP/1.1
            GET /hello/x HTTP/1.1x | Host: x | the request line cannot be read, expected METHOD /path HTTP/1.1
            """)
    void brokenHttpIsToldWhatIsWrong(String line, String headers, String message) throws Exception {
        String head = headers.isEmpty() ? "" : headers.replace("~", "\r\n") + "\r\n";
        String answer = raw(line + "\r\n" + head + "\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").containsIgnoringCase("x-request-id: ");
        JsonNode error = errorOf(answer);
        assertThat(error.get("code").asInt()).isEqualTo(400);
        assertThat(error.get("reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.get("message").asText()).isEqualTo(message);
    }

    @Test
    void whatIsNoTextAtAllIsNoRequestLine() throws Exception {
        assertThat(raw("\u0001\u0002\u0003\r\n\r\n")).startsWith("HTTP/1.1 400").contains("request line");
    }

    @Test
    void headersThatAreTooLargeAre400() throws Exception {
        var answer = get("/hello/x", "X-Long", "a".repeat(20_000));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer).get("message").asText())
                .isEqualTo("the headers are too large, expected at most 16384 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br"})
    void anEncodedBodyIs400AndTheConnectionGoesOn(String encoding) throws Exception {
        String answers = raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: " + encoding
                + "\r\nContent-Length: 5\r\n\r\n12345"
                + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: identity"
                + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\n67890");
        assertThat(answers)
                .startsWith("HTTP/1.1 400")
                .contains("\"message\":\"Content-Encoding: is " + encoding + ", expected a body that is not encoded\"")
                .contains("\"field\":\"Content-Encoding\"")
                .contains("HTTP/1.1 200")
                .endsWith("67890");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: x\r\n", "host: x\r\nConnection: Keep-Alive\r\nAccept: */*\r\n"})
    void aRequestInHttp10IsAnsweredAndItsConnectionClosed(String headers) throws Exception {
        String answer = raw("GET /hello/x?greeting=old HTTP/1.0\r\n" + headers + "\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("connection: close\r\n")
                .containsIgnoringCase("content-length: ")
                .doesNotContainIgnoringCase("keep-alive")
                .endsWith("old x from /hello/{name} [greeting] 127.0.0.1");
    }

    @Test
    void aBodyInHttp10IsRead() throws Exception {
        String answer = raw("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n12345");
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n12345");
    }

    @Test
    void headersInHttp10HaveTheSameLimit() throws Exception {
        String answer = raw("GET /hello/x HTTP/1.0\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("the headers are too large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\n",
                "GET /hello/x HTTP/1.2\r\nHost: x\r\n\r\n",
                "GET /hello/x HTTP/3\r\nHost: x\r\n\r\n"
            })
    void anotherVersionOfHttpIs505(String request) throws Exception {
        String answer = raw(request);
        assertThat(answer)
                .startsWith("HTTP/1.1 505 HTTP Version Not Supported\r\n")
                .containsIgnoringCase("connection: close\r\n")
                .containsIgnoringCase("x-request-id: ");
        JsonNode error = errorOf(answer);
        assertThat(error.get("code").asInt()).isEqualTo(505);
        assertThat(error.get("reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.get("message").asText()).contains("expected HTTP/1.1");
    }

    @Test
    void beyondItsBoundTheServerRefusesAtOnce() throws Exception {
        for (int i = 0; i < config.maxRequests(); i++) {
            client.sendAsync(request("GET", "/wait", BodyPublishers.noBody()), BodyHandlers.ofString())
                    .exceptionally(e -> null);
        }
        await().until(() -> metrics.get("longline.http.depth").gauge().value() == config.maxRequests());
        var refused = get("/hello/x");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(error(refused).get("reason").asText()).isEqualTo("OVERLOADED");
        assertThat(metrics.get("longline.http.rejects").counter().count()).isEqualTo(1);
        release.countDown();
        await().until(() -> metrics.get("longline.http.depth").gauge().value() == 0);
    }

    @Test
    void requestsAreCountedByTheirTemplateAndNothingElse() throws Exception {
        get("/hello/a");
        get("/hello/b");
        get("/none/of/these");
        assertThat(metrics.get("longline.http.requests")
                        .tags("route", "/hello/{name}", "status", "200")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(metrics.get("longline.http.requests")
                        .tags("route", "unknown", "method", "other", "status", "404")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void closingLetsWhatRunsFinishAndLeavesNoConnectionBehind() throws Exception {
        int port = server.port();
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
            idle.getOutputStream()
                    .write("GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(idle.getInputStream().read()).isEqualTo('H');
            var running = client.sendAsync(request("GET", "/wait", BodyPublishers.noBody()), BodyHandlers.ofString());
            begun.await();
            Thread closing = Thread.ofVirtual().start(server::close);
            await().until(() -> !accepts(port));
            release.countDown();
            assertThat(running.get(30, TimeUnit.SECONDS).body()).isEqualTo("waited");
            closing.join();
            idle.setSoTimeout(30_000);
            InputStream in = idle.getInputStream();
            in.readAllBytes(); // Ends: the server closed its end.
        }
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void aServerThatClosesGivesBackItsFiles() throws Exception {
        server.close();
        openAndCloseOnce(); // Whatever is opened once a process.
        long before = openFiles();
        for (int i = 0; i < 20; i++) {
            openAndCloseOnce();
        }
        await().untilAsserted(() -> assertThat(openFiles()).isLessThanOrEqualTo(before + 5));
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void openAndCloseOnce() throws IOException {
        try (HttpServer another = new HttpServer(config, new SimpleMeterRegistry(), routes)) {
            another.start();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), another.port())) {
                socket.getOutputStream()
                        .write("GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static HttpLayer marking(String name) {
        return (request, next) -> {
            StringBuilder marks = name.equals("a") ? new StringBuilder() : request.attached(StringBuilder.class);
            request.attach(StringBuilder.class, marks.append(name).append(' '));
            return next.handle(request);
        };
    }

    private HttpResponse hello(HttpRequest request) {
        return HttpResponse.text(
                200,
                request.query("greeting").orElse("hello") + " " + request.pathParam("name") + " from "
                        + request.template() + " " + request.query().keySet() + " " + request.remoteAddress());
    }

    private HttpResponse count(HttpRequest request) {
        try (InputStream body = request.bodyStream(LARGEST)) {
            begun.countDown();
            if (request.query("wait").isPresent()) {
                release.await();
            }
            byte[] some = new byte[1 << 16];
            long count = 0;
            for (int read = body.read(some); read >= 0; read = body.read(some)) {
                count += read;
            }
            return HttpResponse.text(200, Long.toString(count));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse waiting(HttpRequest request) {
        begun.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return HttpResponse.text(200, "waited");
    }

    private java.net.http.HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private java.net.http.HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
        return client.send(request(method, path, body), BodyHandlers.ofString());
    }

    private java.net.http.HttpRequest request(String method, String path, BodyPublisher body) {
        return java.net.http.HttpRequest.newBuilder(uri(path))
                .method(method, body)
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private String raw(String request) throws IOException {
        return raw(server.port(), request);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(9_000); // Less than bodies are drained for, so that no answer after that passes.
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("what comes after: " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    /** A head, and as much body as it says; what comes after it is left. */
    private static String oneAnswer(Socket socket) throws IOException {
        String head = head(socket);
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).isTrue();
        byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return head + new String(body, StandardCharsets.UTF_8);
    }

    private static String withoutDate(String head) {
        return head.replaceAll("(?i)date: [^\r]*\r\n", "");
    }

    /** All that comes until the connection is closed. */
    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(30_000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode errorOf(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return Json.parse(body.getBytes(StandardCharsets.UTF_8)).get("error");
    }

    private static JsonNode error(java.net.http.HttpResponse<String> answer) {
        JsonNode error =
                Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).get("error");
        assertThat(error.get("code").asInt()).isEqualTo(answer.statusCode());
        return error;
    }
}
