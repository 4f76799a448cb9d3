package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Redis that answers, but not in time. */
@Timeout(60)
class RedisSlowIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final RedisStore store = new RedisStore(new RedisConfig(REDIS.uri().toString(), TIMEOUT), metrics);

    @AfterEach
    void close() {
        store.close();
        metrics.close();
    }

    @Test
    void callersAreToldInTimeAndWhatRedisStillHasToDoCountsUntilItIsDone() {
        store.start();
        await().until(store::connected);

        // What comes while Redis sleeps it reads in one piece, and answers in one piece when all of it is done: that is
        // too late. The first, which it has read alone, is answered in between, so that the link is not given up.
        CompletionStage<String> first = sleep("2.5");
        await().until(RedisSlowIT::isAsleep);
        List<CompletionStage<String>> calls =
                IntStream.range(0, 9).mapToObj(i -> sleep("0.75")).toList();
        CompletionStage<Double> whenTheLastWasTold = calls.getLast().handle((reply, error) -> inFlight());
        double stillToBeDone = MarkedKeys.wait(whenTheLastWasTold);

        assertThat(first.toCompletableFuture()).isCompletedWithValue("OK");
        LonglineException late = catchThrowableOfType(LonglineException.class, () -> MarkedKeys.wait(calls.getLast()));
        assertThat(late.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(late.retryAfter()).isPresent();
        assertThat(stillToBeDone).isBetween(1.0, 9.0);
        await().until(() -> inFlight() == 0);
        assertThat(metrics.get("longline.redis.connects").counter().count()).isEqualTo(1);
    }

    private CompletionStage<String> sleep(String seconds) {
        return store.command(
                "{s1}:a",
                redis -> redis.dispatch(
                        CommandType.DEBUG,
                        new StatusOutput<>(CODEC),
                        new CommandArgs<>(CODEC).add("SLEEP").add(seconds)));
    }

    /** Whoever else asks has no answer. */
    private static boolean isAsleep() throws IOException {
        try (Socket socket = new Socket(REDIS.uri().getHost(), REDIS.uri().getPort())) {
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private double inFlight() {
        return metrics.get("longline.redis.inflight.depth").gauge().value();
    }
}
