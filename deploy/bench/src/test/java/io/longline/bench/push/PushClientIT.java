package io.longline.bench.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Centers that answer, refuse, hang up, and say nothing. */
@Timeout(30)
final class PushClientIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final OptionalInt TAKEN = OptionalInt.of(200);

    private static PushClient client(Duration answerWithin) {
        return new PushClient("Basic abc", answerWithin);
    }

    private static CompletableFuture<OptionalInt> push(PushClient client, URI center) {
        return client.push(center, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static List<OptionalInt> pushAll(PushClient client, URI center, int count) {
        List<CompletableFuture<OptionalInt>> all =
                IntStream.range(0, count).mapToObj(_ -> push(client, center)).toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void aPushIsAPostWithTheProductsHeaderAndTheBodyAsItIs() throws IOException {
        try (TestCenter center = new TestCenter(_ -> TestCenter.answer("200 OK"));
                PushClient client = client(LONG)) {
            byte[] body = "{\"payload\":\"ü\"}".getBytes(StandardCharsets.UTF_8);

            assertThat(client.push(center.uri(), body).join()).isEqualTo(TAKEN);
            assertThat(center.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("POST /v1/messages:send HTTP/1.1\r\n")
                            .containsIgnoringCase("authorization: Basic abc\r\n")
                            .containsIgnoringCase("host: " + center.uri().getAuthority() + "\r\n")
                            .endsWith("\r\n\r\n{\"payload\":\"ü\"}"));
        }
    }

    @Test
    void aRefusalIsAnAnswerAndItsConnectionIsUsedAgain() throws IOException {
        try (TestCenter center = new TestCenter(
                        number -> TestCenter.answer(number == 0 ? "503 Service Unavailable" : "200 OK"));
                PushClient client = client(LONG)) {
            assertThat(push(client, center.uri()).join()).hasValue(503);
            assertThat(push(client, center.uri()).join()).isEqualTo(TAKEN);
            assertThat(center.connections()).isEqualTo(1);
        }
    }

    @Test
    void noAnswerInTimeIsNoneAndItsConnectionIsNotUsedAgain() throws IOException {
        try (TestCenter center =
                        new TestCenter(number -> number == 0 ? TestCenter.SILENCE : TestCenter.answer("200 OK"));
                PushClient client = client(SHORT)) {
            assertThat(push(client, center.uri()).join()).isEmpty();
            assertThat(push(client, center.uri()).join()).isEqualTo(TAKEN);
            assertThat(center.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\n\r\nas long as it is",
            })
    void aCenterThatClosesAfterItsAnswerHasAnswered(String answer) throws IOException {
        try (TestCenter center = new TestCenter(_ -> answer);
                PushClient client = client(LONG)) {
            assertThat(push(client, center.uri()).join()).isEqualTo(TAKEN);
            assertThat(push(client, center.uri()).join()).isEqualTo(TAKEN);
            assertThat(center.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TestCenter.HANGS_UP, "SSH-2.0 close\r\n\r\n"})
    void aCenterThatHangsUpOrSpeaksNoHttpHasNotAnswered(String answer) throws IOException {
        try (TestCenter center = new TestCenter(_ -> answer);
                PushClient client = client(LONG)) {
            assertThat(push(client, center.uri()).join()).isEmpty();
        }
    }

    @Test
    void whereNobodyListensThereIsNoAnswer() throws IOException {
        TestCenter center = new TestCenter(_ -> TestCenter.SILENCE);
        center.close();
        try (PushClient client = client(LONG)) {
            assertThat(push(client, center.uri()).join()).isEmpty();
        }
    }

    @Test
    void pushesDoNotWaitForEachOthersAnswers() throws IOException {
        CountDownLatch all = new CountDownLatch(100);
        try (TestCenter center = new TestCenter(_ -> {
                    all.countDown();
                    await(all);
                    return TestCenter.answer("200 OK");
                });
                PushClient client = client(LONG)) {
            assertThat(pushAll(client, center.uri(), 100)).hasSize(100).containsOnly(TAKEN);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatFindsAllConnectionsTakenWaitsForOne() throws IOException {
        try (TestCenter center = new TestCenter(_ -> TestCenter.answer("200 OK"));
                PushClient client = new PushClient("Basic abc", LONG, 2)) {
            assertThat(pushAll(client, center.uri(), 50)).hasSize(50).containsOnly(TAKEN);
            assertThat(center.connections()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatWaitsForAConnectionGetsTheOneThatReplacesALostOne() throws IOException {
        try (TestCenter center =
                        new TestCenter(number -> number == 0 ? TestCenter.HANGS_UP : TestCenter.answer("200 OK"));
                PushClient client = new PushClient("Basic abc", LONG, 1)) {
            assertThat(pushAll(client, center.uri(), 3)).containsExactly(OptionalInt.empty(), TAKEN, TAKEN);
        }
    }

    /** The second one goes out when the first has none, too late to be answered: its time began when it was handed over. */
    @Test
    void theTimeOfAPushRunsWhileItWaitsForAConnection() throws IOException {
        try (TestCenter center = new TestCenter(_ -> TestCenter.SILENCE);
                PushClient client = new PushClient("Basic abc", SHORT, 1)) {
            long begun = System.nanoTime();

            assertThat(pushAll(client, center.uri(), 20)).hasSize(20).containsOnly(OptionalInt.empty());
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.multipliedBy(10));
        }
    }

    @Test
    void whatIsUnderWayWhenTheClientIsClosedEndsWithoutAnAnswer() throws IOException {
        try (TestCenter center = new TestCenter(_ -> TestCenter.SILENCE)) {
            PushClient client = new PushClient("Basic abc", LONG, 1);
            CompletableFuture<OptionalInt> sent = push(client, center.uri());
            CompletableFuture<OptionalInt> waiting = push(client, center.uri());
            client.close();

            assertThat(sent.join()).isEmpty();
            assertThat(waiting.join()).isEmpty();
            assertThat(push(client, center.uri()).join()).isEmpty();
        }
    }
}
