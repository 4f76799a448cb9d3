package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.faults.Part;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 6: any process is stopped under flow, and nobody else's memory grows, no queue passes its limit, whoever asks gets an answer
 * or 503 in time, and afterwards all is well again without a restart. For a second here, for a minute with {@code -Plong}.
 */
@Tag("faults")
@Tag("alone")
final class Promise06FlatIT {
    private static final Duration STOPPED = Duration.ofSeconds(Boolean.getBoolean("longline.test.long") ? 60 : 2);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(12);
    private static final int BACK_ENDS = 8;
    private static final double HEAP_LIMIT = 200 << 20;

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final String user = SharedCluster.fresh("flooded");
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();

    private record Sent(int status, String reason, Duration took) {}

    @ParameterizedTest
    @ValueSource(strings = {"saver-1", "register-1", "room-1", "redis", "mysql", "zookeeper"})
    void memoryStaysFlatWhileAProcessIsStopped(String victim) throws Exception {
        List<String> problems = new ArrayList<>();
        AtomicBoolean flowing = new AtomicBoolean(true);
        try (JsonLink link = faults.connect(0, user);
                ExecutorService backEnds = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            List<Future<?>> flow = new ArrayList<>();
            for (int i = 0; i < BACK_ENDS; i++) {
                CenterApi api = faults.api(i % 2);
                String receiver = i == 0 ? user : user + "-" + i;
                flow.add(backEnds.submit(() -> push(api, receiver, flowing)));
            }
            Part part = faults.cluster().part(victim);
            part.stop();
            long until = System.nanoTime() + STOPPED.toNanos();
            await().atMost(STOPPED.plusSeconds(30))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        problems.addAll(problems(part));
                        return System.nanoTime() > until;
                    });
            part.resume();
            flowing.set(false);
            for (Future<?> each : flow) {
                each.get();
            }
        }
        assertThat(problems).isEmpty();
        assertThat(sent).allSatisfy(each -> {
            assertThat(each.status).as("%s", each).isIn(200, 202, 503);
            assertThat(each.took).isLessThan(ANSWERED_WITHIN);
        });
        faults.awaitReady();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> faults.api(0).push(user, "well again").status() / 100 == 2);
    }

    private void push(CenterApi api, String receiver, AtomicBoolean flowing) {
        while (flowing.get()) {
            long began = System.nanoTime();
            var answer = api.push(receiver, "flow");
            sent.add(new Sent(answer.status(), answer.reason(), Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    /** What passes its limit, of all processes but the one that is stopped. */
    private static List<String> problems(Part stopped) {
        return faults.cluster().parts().stream()
                .filter(part -> !part.equals(stopped) && !part.kind().isStore())
                .flatMap(part -> problemsOf(part).stream())
                .toList();
    }

    /** Asked again once: the machine may have stood still. */
    private static Map<String, Double> metricsOf(Part part) {
        try {
            return part.metrics();
        } catch (UncheckedIOException e) {
            return part.metrics();
        }
    }

    private static List<String> problemsOf(Part part) {
        Map<String, Double> metrics;
        try {
            metrics = metricsOf(part);
        } catch (UncheckedIOException e) {
            return List.of(part.name() + " does not tell its metrics: " + e.getMessage());
        }
        List<String> problems = metrics.entrySet().stream()
                .filter(depth -> depth.getKey().contains("_depth"))
                .filter(depth -> depth.getValue()
                        > metrics.getOrDefault(depth.getKey().replaceFirst("_depth", "_limit"), Double.MAX_VALUE))
                .map(depth -> part.name() + " " + depth)
                .collect(Collectors.toList());
        double heap = metrics.entrySet().stream()
                .filter(each -> each.getKey().startsWith("jvm_memory_used_bytes")
                        && each.getKey().contains("area=\"heap\""))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        if (heap > HEAP_LIMIT) {
            problems.add(part.name() + " heap " + heap);
        }
        return problems;
    }
}
