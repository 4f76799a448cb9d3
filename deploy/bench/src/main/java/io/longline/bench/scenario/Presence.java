package io.longline.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.Crowds;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Who of a thousand users is online, asked by several callers at once. */
public final class Presence implements Scenario {
    private static final int USERS_A_CALL = 1_000;

    @Override
    public String name() {
        return "presence";
    }

    @Override
    public String description() {
        return "Calls of users:batchGet for 1,000 users each, up to half of them connected and the others never seen, by so many"
                + " callers at once, each of which asks again when it is answered. The first stretch warms up.";
    }

    /** The rates are callers. */
    @Override
    public Load small() {
        return Load.of(2_000, 1, 4, 1, 8);
    }

    @Override
    public Load full() {
        return Load.of(10_000, 1, 20, 1, 4, 8);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Users asked for",
                "callers",
                "calls",
                "users/s",
                "users/server CPU s",
                "answered p50 ms",
                "p99 ms",
                "server CPU %");
        Tenant tenant = rig.product(false);
        try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                ApiClient api = new ApiClient(rig.center(), tenant)) {
            crowd.connect(load.clients());
            Questions questions = new Questions(api, load.clients());
            Callers.ask(load.rate(), load.stretch(), questions::ask);
            for (int callers : load.rates()) {
                Meter meter = Meter.start(rig.pids(crowd));
                Answered answered = Callers.ask(callers, load.stretch(), questions::ask);
                CpuUse use = meter.stop();
                long users = (long) answered.calls() * USERS_A_CALL;
                double perSecond = users / answered.seconds();
                table.add(
                        callers,
                        answered.calls(),
                        perSecond,
                        users / use.seconds(rig::isServer),
                        answered.answeredMs(50),
                        answered.answeredMs(99),
                        use.percent(rig::isServer));
                result.add(Shares.of("CPU, %d callers".formatted(callers), use, users, "user"));
                result.figure("%d callers: users a second".formatted(callers), perSecond);
                String found = "%d callers: %,.0f users a second, p99 of a call %.0f ms"
                        .formatted(callers, perSecond, answered.answeredMs(99));
                result.found(found);
                progress.accept(found);
            }
            int wrong = questions.wrong.get();
            if (wrong > 0) {
                result.failed(wrong + " answers did not tell rightly who is online");
            }
        }
        result.add(table);
        return result;
    }

    /** Each names other users than the one before. */
    private static final class Questions {
        private final ApiClient api;
        private final int clients;
        private final int connected;
        private final AtomicInteger wrong = new AtomicInteger();

        Questions(ApiClient api, int clients) {
            this.api = api;
            this.clients = clients;
            this.connected = Math.min(clients, USERS_A_CALL / 2);
        }

        void ask(int number) {
            ObjectNode body = Json.object();
            ArrayNode users = body.putArray("users");
            for (int i = 0; i < USERS_A_CALL; i++) {
                users.add(
                        i < connected
                                ? Crowds.user((number * connected + i) % clients)
                                : "nobody-" + number % clients + "-" + i);
            }
            int online = 0;
            for (JsonNode user :
                    api.post("/v1/users:batchGet", Json.bytes(body)).path("users")) {
                online += user.path("online").asBoolean() ? 1 : 0;
            }
            if (online != connected) {
                wrong.incrementAndGet();
            }
        }
    }
}
