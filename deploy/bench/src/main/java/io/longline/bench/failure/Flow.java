package io.longline.bench.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.push.PushClient;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.faults.FaultCluster;
import io.longline.keeper.http.Json;
import io.longline.sdk.LonglineClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Pushes at a steady pace to a few users, each with a client on the SDK. A back end that gets no answer, or 429 or 5xx, asks the
 * next center with the same id, after 100 ms and then after growing pauses up to 1 s.
 */
final class Flow implements AutoCloseable {
    private static final int MOST_UNANSWERED = 512;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration TRY_FOR = Duration.ofSeconds(60);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int RETRY_FROM = 429;

    private final PushClient http = new PushClient(authorization(), ANSWER_WITHIN);
    private final List<URI> centers;
    private final Duration interval;
    private final List<String> users = new ArrayList<>();
    private final List<LonglineClient> clients = new ArrayList<>();
    private final List<Timeline> deliveries = new ArrayList<>();
    private final Timeline answers = new Timeline();
    private final AtomicLong refused = new AtomicLong();
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    private final Thread sender;

    Flow(FaultCluster cluster, int users, Duration interval) {
        this.centers = cluster.centers();
        this.interval = interval;
        for (int i = 0; i < users; i++) {
            this.users.add("flow-" + i);
            this.deliveries.add(new Timeline());
            this.clients.add(client(cluster.dispatcher(), i));
        }
        this.sender = Thread.ofVirtual().name("flow").unstarted(this::send);
    }

    private static String authorization() {
        byte[] pair = (DemoProduct.ID + ":" + DemoProduct.API_SECRET).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private LonglineClient client(URI dispatcher, int index) {
        Timeline delivered = deliveries.get(index);
        String user = users.get(index);
        return LonglineClient.builder()
                .dispatcher(dispatcher.toString())
                .product(DemoProduct.ID)
                .user(user)
                .device("phone")
                .token(() -> DemoProduct.token(user))
                .listener(message -> delivered.add(System.nanoTime()))
                .build();
    }

    void start() {
        clients.forEach(LonglineClient::start);
        sender.start();
    }

    private void send() {
        long next = System.nanoTime();
        for (long number = 0; !Thread.currentThread().isInterrupted(); number++) {
            long each = number;
            if (unanswered.tryAcquire()) {
                Thread.ofVirtual().start(() -> push(each));
            }
            next += interval.toNanos();
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void push(long number) {
        try {
            byte[] body = body(number);
            long until = System.nanoTime() + TRY_FOR.toNanos();
            long pause = FIRST_PAUSE_NANOS;
            for (long attempt = number; System.nanoTime() - until < 0; attempt++) {
                if (isAnswered(centers.get((int) (attempt % centers.size())), body)) {
                    answers.add(System.nanoTime());
                    return;
                }
                refused.incrementAndGet();
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        } finally {
            unanswered.release();
        }
    }

    private byte[] body(long number) {
        ObjectNode body = Json.object().put("message_id", "flow-" + number).put("payload", Long.toString(number));
        body.putObject("target").put("user", users.get((int) (number % users.size())));
        return Json.bytes(body);
    }

    private boolean isAnswered(URI center, byte[] body) {
        OptionalInt status = http.push(center, body).join();
        return status.isPresent() && status.getAsInt() < RETRY_FROM;
    }

    /** Of all answers with success. */
    Timeline answers() {
        return answers;
    }

    /** Attempts that were not answered with success so far. */
    long refused() {
        return refused.get();
    }

    /** When the last user has pushes again after a gap of at least that length; {@code from} where there was none. */
    long flowsAgain(long from, long to, Duration gap) {
        return deliveries.stream()
                .mapToLong(each -> each.endOfLastGap(from, to, gap))
                .max()
                .orElse(from);
    }

    @Override
    public void close() {
        sender.interrupt();
        clients.forEach(LonglineClient::close);
        http.close();
    }
}
