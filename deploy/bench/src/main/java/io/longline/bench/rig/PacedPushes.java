package io.longline.bench.rig;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.push.PushClient;
import io.longline.deploy.check.client.Tenant;
import io.longline.keeper.http.Json;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Pushes of one product at a steady pace, to users who are away, whether or not the ones before were answered. A push counts from
 * the moment at which it was due.
 */
public final class PacedPushes implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final int USERS = 1_000;
    private static final int SUCCESS = 2;
    private static final int DIGITS = 3;

    private final URI center;
    private final PushClient client;
    private final int perSecond;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * What one stretch of pushes was answered.
     *
     * @param micros from when a push was due until it was answered with success
     * @param refused that were not
     */
    public record Answers(Histogram micros, long refused) {

        public double millis(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1_000.0;
        }
    }

    public PacedPushes(URI center, Tenant tenant, int perSecond) {
        this.center = center;
        this.client = new PushClient(tenant.authorization(), ANSWER_WITHIN);
        this.perSecond = perSecond;
    }

    /** Sends for so long, and waits until all are answered. */
    public Answers send(Duration time) {
        ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);
        AtomicLong refused = new AtomicLong();
        Phaser open = new Phaser(1);
        long begun = System.nanoTime();
        long count = time.toSeconds() * perSecond;
        for (long i = 0; i < count; i++) {
            long due = begun + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            LockSupport.parkNanos(due - System.nanoTime());
            open.register();
            var _ = client.push(center, body(numbers.incrementAndGet())).thenAccept(status -> {
                if (isTaken(status)) {
                    micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
                } else {
                    refused.incrementAndGet();
                }
                open.arriveAndDeregister();
            });
        }
        open.arriveAndAwaitAdvance();
        return new Answers(micros, refused.get());
    }

    private static boolean isTaken(OptionalInt status) {
        return status.isPresent() && status.getAsInt() / 100 == SUCCESS;
    }

    private byte[] body(long number) {
        ObjectNode body = Json.object()
                .put("message_id", "paced-" + perSecond + "-" + number)
                .put("payload", "x".repeat(200));
        body.putObject("target").put("user", "away-" + number % USERS).put("device", "phone");
        return Json.bytes(body);
    }

    @Override
    public void close() {
        client.close();
    }
}
