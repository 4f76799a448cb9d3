package io.longline.bench.rig;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.push.PushClient;
import io.longline.deploy.check.client.Tenant;
import io.longline.keeper.http.Json;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * A back end that pushes at a steady rate to clients of a crowd in turn, whatever becomes of what it sent before. What is refused is sent
 * again under its {@code message_id} until it is taken.
 */
public final class BackEnd implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration GIVES_UP_AFTER = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HIGHEST_US = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;
    private static final int SUCCESS = 2;
    /** Requests under way; who waits for a place keeps the time at which it was due. */
    private static final int MOST_UNDER_WAY = 2_000;

    private final PushClient client;
    private final URI center;
    private final int payloadBytes;
    private int run;

    /**
     * What became of a stretch.
     *
     * @param answeredUs microseconds from when a push was due until it was answered with success
     * @param refused answers without success, each of which was followed by another attempt
     * @param givenUp pushes that were not taken within a minute
     * @param seconds from the first to the last that was due
     */
    public record Sent(int run, long pushes, Histogram answeredUs, int refused, int givenUp, double seconds) {}

    public BackEnd(URI center, Tenant tenant, int payloadBytes) {
        this.client = new PushClient(tenant.authorization(), ANSWER_WITHIN);
        this.center = center;
        this.payloadBytes = payloadBytes;
    }

    /** What is sent: which number it has among those of its receiver, and when it is due, are for its stamp. */
    @FunctionalInterface
    private interface Writer {
        byte[] write(long index, int ofRun, long due);
    }

    /** Returns when all are answered. Each call is a run of its own, in which clients' messages are numbered from 0. */
    public Sent push(int clients, int perSecond, Duration stretch) {
        return send(
                perSecond,
                stretch,
                "/v1/messages:send",
                (i, ofRun, due) -> body((int) (i % clients), new Stamp(ofRun, (int) (i / clients), due)));
    }

    /** To all who follow a topic, each message numbered. The runs of topics and those of {@link #push} do not disturb each other. */
    public Sent publish(String topic, int perSecond, Duration stretch) {
        return send(
                perSecond,
                stretch,
                "/v1/topics/" + topic + ":send",
                (i, ofRun, due) -> Json.bytes(Json.object()
                        .put("payload", new Stamp(ofRun, (int) i, due).text(payloadBytes))
                        .put("message_id", "t-" + ofRun + "-" + i)));
    }

    /** To everybody; of a topic those that wait for the one before them are sent together. */
    public Sent broadcast(String topic, int perSecond, Duration stretch) {
        return send(
                perSecond,
                stretch,
                "/v1/broadcasts",
                (i, ofRun, due) -> Json.bytes(Json.object()
                        .put("topic", topic)
                        .put("payload", new Stamp(ofRun, (int) i, due).text(payloadBytes))
                        .put("message_id", "c-" + ofRun + "-" + i)));
    }

    private Sent send(int perSecond, Duration stretch, String path, Writer writer) {
        run++;
        Outcomes outcomes = new Outcomes();
        long pushes = perSecond * stretch.toMillis() / 1_000;
        long begun = System.nanoTime();
        for (long i = 0; i < pushes; i++) {
            long due = begun + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            sleepUntil(due);
            outcomes.begin();
            begin(path, writer.write(i, run, due), due, outcomes);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        outcomes.awaitAll();
        return new Sent(run, pushes, outcomes.answeredUs, outcomes.refused.get(), outcomes.givenUp.get(), seconds);
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private byte[] body(int client, Stamp stamp) {
        ObjectNode body = Json.object()
                .put("payload", stamp.text(payloadBytes))
                .put("message_id", "b-" + stamp.run() + "-" + client + "-" + stamp.number());
        body.putObject("target").put("user", Crowds.user(client)).put("device", Crowds.DEVICE);
        return Json.bytes(body);
    }

    /** A push that is taken at once needs no thread. */
    private void begin(String path, byte[] body, long due, Outcomes outcomes) {
        long until = System.nanoTime() + GIVES_UP_AFTER.toNanos();
        var _ = client.post(center, path, body).thenAccept(status -> {
            if (isTaken(status)) {
                outcomes.taken(due);
            } else {
                Thread.startVirtualThread(() -> pushAgain(path, body, due, until, outcomes));
            }
        });
    }

    private void pushAgain(String path, byte[] body, long due, long until, Outcomes outcomes) {
        do {
            outcomes.refused.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
            if (System.nanoTime() - until > 0) {
                outcomes.givenUp();
                return;
            }
        } while (!isTaken(client.post(center, path, body).join()));
        outcomes.taken(due);
    }

    private static boolean isTaken(OptionalInt status) {
        return status.isPresent() && status.getAsInt() / 100 == SUCCESS;
    }

    @Override
    public void close() {
        client.close();
    }

    /** What becomes of the pushes of one stretch, each of which is begun and then taken or given up. */
    private static final class Outcomes {
        private final Histogram answeredUs = new ConcurrentHistogram(HIGHEST_US, DIGITS);
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger givenUp = new AtomicInteger();
        private final Semaphore free = new Semaphore(MOST_UNDER_WAY);

        /** Waits for a place. */
        void begin() {
            free.acquireUninterruptibly();
        }

        void taken(long due) {
            answeredUs.recordValue(Math.min(HIGHEST_US, (System.nanoTime() - due) / 1_000));
            free.release();
        }

        void givenUp() {
            givenUp.incrementAndGet();
            free.release();
        }

        void awaitAll() {
            free.acquireUninterruptibly(MOST_UNDER_WAY);
        }
    }
}
