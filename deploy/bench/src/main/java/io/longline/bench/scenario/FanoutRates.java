package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Messages to many at steady rates, to a topic, as broadcasts, and to everybody by an internal call, one by one and merged by several
 * windows. The faster they come, the fewer clients there are, and the more where much goes into a frame: one machine carries all of it.
 */
final class FanoutRates {
    static final List<Integer> WINDOWS_MS = List.of(0, 20, 1_000);
    /** Each is a job; a product has 100 of them at most. */
    static final int MOST_BROADCASTS_A_SECOND = 10;

    private static final int PAYLOAD_BYTES = Fanout.PAYLOAD_BYTES;
    private static final int DELIVERIES_A_SECOND = 50_000;
    private static final int MERGED_DELIVERIES_A_SECOND = 500_000;
    private static final int LONG_WINDOW_MS = 1_000;
    private static final int FLOOR_DELIVERIES = 200_000;
    /** Broadcasts that wait for the one before them are sent together. */
    private static final String BROADCAST_TOPIC = "*bench";

    private static final String TOPIC = "open-bench";
    private static final Duration SETTLES = Duration.ofSeconds(1);
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);

    private final Rig rig;
    private final Load load;
    private final Result result;
    private final Consumer<String> progress;
    private final Table table = Table.of(
            "At steady rates",
            "to",
            "messages/s",
            "window ms",
            "clients",
            "deliveries/s",
            "deliveries/CPU s",
            "of the floor",
            "all services",
            "messages a frame",
            "p50 ms",
            "p99 ms",
            "crowd CPU %");

    /** How a message goes to all clients. */
    private enum Way {
        TOPIC("topic"),
        BROADCAST("broadcast"),
        EVERYBODY("everybody");

        private final String word;

        Way(String word) {
            this.word = word;
        }
    }

    FanoutRates(Rig rig, Load load, Result result, Consumer<String> progress) {
        this.rig = rig;
        this.load = load;
        this.result = result;
        this.progress = progress;
    }

    void measure() {
        List<Integer> brief =
                WINDOWS_MS.stream().filter(ms -> ms < LONG_WINDOW_MS).toList();
        for (int rate : load.rates()) {
            measure(rate, DELIVERIES_A_SECOND, brief);
            measure(rate, MERGED_DELIVERIES_A_SECOND, List.of(LONG_WINDOW_MS));
        }
        result.add(table);
    }

    private void measure(int rate, int deliveriesASecond, List<Integer> windowsMs) {
        int clients = Math.clamp(deliveriesASecond / rate, 1, load.clients());
        Tenant tenant = rig.product(false);
        try (Crowds crowd = rig.followers(tenant, TOPIC, clients);
                BackEnd backEnd = new BackEnd(rig.center(), tenant, PAYLOAD_BYTES);
                FloorSide floor = FloorSide.start(clients, PAYLOAD_BYTES, rig.folder())) {
            crowd.connect(clients);
            if (!Pause.until(() -> crowd.following() >= clients, ARRIVE_WITHIN)) {
                result.failed("%d of %d clients follow: %s".formatted(crowd.following(), clients, crowd.problem()));
            }
            new AtRate(tenant, crowd, backEnd, floor, rate).measure(windowsMs);
        }
    }

    private final class AtRate {
        private final Tenant tenant;
        private final Crowds crowd;
        private final BackEnd backEnd;
        private final @Nullable FloorSide floor;
        private final int rate;
        private int runs;

        AtRate(Tenant tenant, Crowds crowd, BackEnd backEnd, @Nullable FloorSide floor, int rate) {
            this.tenant = tenant;
            this.crowd = crowd;
            this.backEnd = backEnd;
            this.floor = floor;
            this.rate = rate;
        }

        void measure(List<Integer> windowsMs) {
            int window = 0;
            for (int windowMs : windowsMs) {
                if (windowMs != window) {
                    window = windowMs;
                    rig.merge(tenant, windowMs);
                    Pause.of(SETTLES);
                }
                double least = floor == null ? 0 : floor.perCpuSecond(Math.max(1, FLOOR_DELIVERIES / crowd.clients()));
                for (Way way : Way.values()) {
                    if (isThere(way, windowMs)) {
                        send(way, SETTLES); // warms up
                        measure(way, windowMs, least);
                    }
                }
            }
        }

        /** What goes to everybody by the internal call is of no topic, and never waits. */
        private boolean isThere(Way way, int windowMs) {
            return switch (way) {
                case TOPIC -> true;
                case BROADCAST -> rate <= MOST_BROADCASTS_A_SECOND;
                case EVERYBODY -> windowMs == 0;
            };
        }

        private void measure(Way way, int windowMs, double least) {
            var _ = crowd.counts(); // begins anew
            Meter meter = Meter.start(rig.pids(crowd));
            long missing = send(way, load.stretch());
            CpuUse use = meter.stop();
            CrowdCounts counts = crowd.counts();
            String name = "%s, %,d/s, %d ms".formatted(way.word, rate, windowMs);
            Loss.check(result, name, counts, missing);
            double perCpuSecond = counts.messages() / use.seconds("room-1"::equals);
            Histogram us = way == Way.EVERYBODY ? counts.latencyUs() : counts.topicUs();
            table.add(
                    way.word,
                    rate,
                    windowMs,
                    crowd.clients(),
                    counts.messages() / use.wallSeconds(),
                    perCpuSecond,
                    least > 0 ? perCpuSecond / least : 0.0,
                    counts.messages() / use.seconds(rig::isServer),
                    (double) counts.messages() / Math.max(1, counts.frames()),
                    us.getValueAtPercentile(50) / 1e3,
                    us.getValueAtPercentile(99) / 1e3,
                    use.percent(process -> process.startsWith("crowd")));
            result.figure(name + ": deliveries a CPU second of the room", perCpuSecond);
            if (least > 0) {
                result.figure(name + ": times the floor", perCpuSecond / least);
            }
            progress.accept("%s: %,.0f deliveries for each CPU second of the room".formatted(name, perCpuSecond));
        }

        /** Answers how many have not come when all that could has. */
        private long send(Way way, Duration stretch) {
            if (way == Way.EVERYBODY) {
                return tellEverybody(stretch);
            }
            BackEnd.Sent sent = way == Way.TOPIC
                    ? backEnd.publish(TOPIC, rate, stretch)
                    : backEnd.broadcast(BROADCAST_TOPIC, rate, stretch);
            if (sent.givenUp() > 0) {
                result.failed("%s: %d messages were not taken".formatted(way.word, sent.givenUp()));
            }
            Pause.until(() -> crowd.missingOfTopics(sent.run(), sent.pushes()) == 0, ARRIVE_WITHIN);
            return crowd.missingOfTopics(sent.run(), sent.pushes());
        }

        private long tellEverybody(Duration stretch) {
            int run = ++runs;
            long messages = rate * stretch.toSeconds();
            List<CompletableFuture<?>> told = new ArrayList<>();
            long begun = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                long due = begun + i * TimeUnit.SECONDS.toNanos(1) / rate;
                LockSupport.parkNanos(due - System.nanoTime());
                told.add(rig.rooms().tellEverybody(tenant.product(), new Stamp(run, i, due).text(PAYLOAD_BYTES)));
            }
            told.forEach(CompletableFuture::join);
            long total = messages * crowd.clients();
            Pause.until(() -> crowd.missing(run, total) == 0, ARRIVE_WITHIN);
            return crowd.missing(run, total);
        }
    }
}
