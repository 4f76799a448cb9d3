package io.longline.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.ApiClient;
import io.longline.bench.rig.Rig;
import io.longline.bench.scenario.Callers.Answered;
import io.longline.deploy.check.client.Tenant;
import io.longline.keeper.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Pushes of many messages in one request, by several callers at once, in both durabilities. */
public final class Batch implements Scenario {
    private static final int MESSAGES_A_CALL = 500;
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public String description() {
        return "Calls of messages:batch with 500 messages of " + Served.PAYLOAD_BYTES
                + " B each, to connected clients in turn, each acknowledged, by so many callers at once, each of which sends again when it"
                + " is answered. The first stretch of each durability warms up.";
    }

    /** The rates are callers. */
    @Override
    public Load small() {
        return Load.of(1_000, 1, 4, 1, 4);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 20, 1, 4, 8);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        for (boolean journaled : List.of(true, false)) {
            String durability = journaled ? "mysql" : "redis";
            Table table = Table.of(
                    "Durability " + durability,
                    "callers",
                    "messages/s",
                    "answered p50 ms",
                    "p99 ms",
                    "sent again",
                    "repeated",
                    "server CPU %");
            Tenant tenant = rig.product(journaled);
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                    ApiClient api = new ApiClient(rig.center(), tenant)) {
                crowd.acks(true);
                crowd.connect(load.clients());
                Sender sender = new Sender(rig, crowd, api);
                sender.stretch(load.rate(), load.stretch());
                for (int callers : load.rates()) {
                    Stretch stretch = sender.stretch(callers, load.stretch());
                    String name = "%s, %d callers".formatted(durability, callers);
                    double perSecond = stretch.messages / stretch.answered.seconds();
                    table.add(
                            callers,
                            perSecond,
                            stretch.answered.answeredMs(50),
                            stretch.answered.answeredMs(99),
                            stretch.again,
                            stretch.counts.repeated(),
                            stretch.use.percent(rig::isServer));
                    Loss.check(result, name, stretch.counts, stretch.missing);
                    result.add(Shares.of("CPU, " + name, stretch.use, stretch.messages, "message"));
                    result.figure(name + ": messages a second", perSecond);
                    String found = "%s: %,.0f messages a second, p99 of a call %.0f ms"
                            .formatted(name, perSecond, stretch.answered.answeredMs(99));
                    result.found(found);
                    progress.accept(found);
                }
            }
            result.add(table);
        }
        return result;
    }

    /** What one stretch brought. */
    private record Stretch(Answered answered, long messages, int again, CrowdCounts counts, CpuUse use, long missing) {}

    /** To the clients of one crowd. */
    private static final class Sender {
        private final Rig rig;
        private final Crowds crowd;
        private final ApiClient api;
        private int run;

        Sender(Rig rig, Crowds crowd, ApiClient api) {
            this.rig = rig;
            this.crowd = crowd;
            this.api = api;
        }

        /** Ends when all have arrived, or should have. */
        Stretch stretch(int callers, Duration time) {
            run++;
            var _ = crowd.counts(); // begins anew
            AtomicInteger again = new AtomicInteger();
            Meter meter = Meter.start(rig.pids(crowd));
            Answered answered = Callers.ask(callers, time, number -> again.addAndGet(send(number)));
            long messages = (long) answered.calls() * MESSAGES_A_CALL;
            Pause.until(() -> crowd.missing(run, messages) == 0, ARRIVE_WITHIN);
            CpuUse use = meter.stop();
            return new Stretch(answered, messages, again.get(), crowd.counts(), use, crowd.missing(run, messages));
        }

        /** Until all of it is taken; answers how often it was sent again. */
        private int send(int number) {
            byte[] body = body(number);
            for (int again = 0; ; again++) {
                JsonNode answer = api.post("/v1/messages:batch", body);
                if (answer.path("success_count").asInt() == MESSAGES_A_CALL) {
                    return again;
                }
                Pause.of(Duration.ofMillis(200));
            }
        }

        private byte[] body(int number) {
            ObjectNode body = Json.object();
            ArrayNode messages = body.putArray("messages");
            long due = System.nanoTime();
            for (int i = 0; i < MESSAGES_A_CALL; i++) {
                int index = number * MESSAGES_A_CALL + i;
                int client = index % crowd.clients();
                Stamp stamp = new Stamp(run, index / crowd.clients(), due);
                ObjectNode message = messages.addObject()
                        .put("message_id", "batch-" + run + "-" + index)
                        .put("payload", stamp.text(Served.PAYLOAD_BYTES));
                message.putObject("target").put("user", Crowds.user(client)).put("device", Crowds.DEVICE);
            }
            return Json.bytes(body);
        }
    }
}
