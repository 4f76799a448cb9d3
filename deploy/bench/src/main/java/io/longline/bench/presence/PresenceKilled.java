package io.longline.bench.presence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Standing;
import io.longline.bench.crowd.Wire;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.ApiClient;
import io.longline.bench.rig.CallbackServer;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.faults.Part;
import io.longline.deploy.faults.PartKind;
import io.longline.keeper.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Clients come and go while coordinators, registers, rooms and Redis are killed and stopped. A back end may never be told of an older
 * generation after a newer one, and soon after all is well again what it was told last of each client is so.
 */
public final class PresenceKilled {
    /** What a result says whose only fault is that it took too long. */
    public static final String LATE = "all agreed too late";

    private static final Duration DEBOUNCE = Duration.ofMillis(500);
    /** As the SDK waits for a room. */
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(5);

    private static final Duration HEALED_WITHIN = Duration.ofMinutes(5);
    /** Beyond the bound: to tell what is late from what never comes. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration SAID_EVERY = Duration.ofSeconds(10);

    private static final Set<PartKind> STRUCK =
            Set.of(PartKind.COORDINATOR, PartKind.REGISTER, PartKind.ROOM, PartKind.REDIS);
    private static final int MOST_SHOWN = 10;

    private final PresenceKilledSize size;
    private final long seed;
    private final Consumer<String> progress;

    public PresenceKilled(PresenceKilledSize size, long seed, Consumer<String> progress) {
        this.size = size;
        this.seed = seed;
        this.progress = progress;
    }

    /** How long it took, from when all was well and all clients stood still. */
    private record Times(Duration healed, Duration told, Duration all) {}

    /** Runs on a cluster, whose parts are all well again afterwards. */
    public Result run(Rig rig) {
        Result result = new Result("presence-killed");
        ToldBook book = new ToldBook();
        try (CallbackServer receiver = new CallbackServer(book::take)) {
            Tenant tenant = rig.productWithCallbacks(false, receiver.url(), List.of("presence"));
            ObjectNode settings = Json.object();
            settings.putObject("presence").put("debounce_ms", DEBOUNCE.toMillis());
            rig.change(tenant, settings);
            try (ApiClient api = new ApiClient(rig.center(), tenant);
                    Crowds crowd = rig.crowd(Wire.NATIVE, tenant, size.clients());
                    LogReader reader = new LogReader(api)) {
                reader.start();
                new Run(rig, crowd, api, book, reader, result).go();
            }
        }
        return result;
    }

    /** One run. */
    private final class Run {
        private final Rig rig;
        private final Crowds crowd;
        private final Directory directory;
        private final ApiClient api;
        private final ToldBook book;
        private final LogReader reader;
        private final Result result;
        private final Blows blows;
        private final PresenceBound bound;
        private long saidNanos = System.nanoTime();

        Run(Rig rig, Crowds crowd, ApiClient api, ToldBook book, LogReader reader, Result result) {
            this.rig = rig;
            this.crowd = crowd;
            this.api = api;
            this.directory = new Directory(api);
            this.book = book;
            this.reader = reader;
            this.result = result;
            this.bound = PresenceBound.of(rig.cluster().plan(), DEBOUNCE);
            List<String> parts = rig.cluster().parts().stream()
                    .filter(part -> STRUCK.contains(part.kind()))
                    .map(Part::name)
                    .toList();
            this.blows = new Blows(rig.cluster(), new BlowDeck(seed, parts, size.longStops()), progress);
        }

        void go() {
            gather();
            crowd.comeBack(true);
            crowd.comeAndGo(size.changesPerSecond(), HELLO_WITHIN);
            blows.run(size.stretch(), size.lanes());
            crowd.comeAndGo(0, HELLO_WITHIN);
            Duration healed = heal();
            Standing standing = crowd.standing();
            Agreement agreement = new Agreement(standing, book, blows.emptiedMs());
            progress.accept("all is well again after %.1f s, %d clients of %d are connected"
                    .formatted(PresenceBound.seconds(healed), standing.bound(), standing.clients()));
            tell(agreement, agree(agreement, healed));
        }

        /** Half of the clients are connected, as many in each room. */
        private void gather() {
            int half = size.clients() / 2;
            int rooms = rig.cluster().rooms().size();
            for (int room = 0; room < rooms; room++) {
                crowd.connect(half / rooms + (room < half % rooms ? 1 : 0), room);
            }
            crowd.know(size.clients() - half);
        }

        /** Until all parts are ready and all clients are where they wish. */
        private Duration heal() {
            long begun = System.nanoTime();
            for (Part part : rig.cluster().parts()) {
                if (!part.isRunning()) {
                    part.restart();
                }
            }
            await(() -> rig.cluster().parts().stream()
                    .filter(part -> !part.isReady())
                    .map(part -> part.name() + " is not ready")
                    .findFirst()
                    .orElse(""));
            await(() -> {
                int restless = crowd.restless();
                return restless == 0 ? "" : restless + " clients are on their way: " + crowd.problem();
            });
            return since(begun);
        }

        private void await(Supplier<String> missing) {
            long until = System.nanoTime() + HEALED_WITHIN.toNanos();
            for (String what = missing.get(); !what.isEmpty(); what = missing.get()) {
                say(what);
                if (System.nanoTime() > until) {
                    throw new ClusterException("after %d s %s".formatted(HEALED_WITHIN.toSeconds(), what));
                }
                pause();
            }
        }

        /** What is waited for, now and then. */
        private void say(String what) {
            if (System.nanoTime() - saidNanos > SAID_EVERY.toNanos()) {
                saidNanos = System.nanoTime();
                progress.accept(what);
            }
        }

        /** Until everybody says what is so, or the patience is over. */
        private Times agree(Agreement agreement, Duration healed) {
            long begun = System.nanoTime();
            long until = begun + bound.sum().plus(PATIENCE).toNanos();
            Duration told = Duration.ZERO;
            while (true) {
                Duration round = since(begun);
                List<String> wrong = agreement.ofCallback();
                if (!wrong.isEmpty()) {
                    told = Duration.ZERO;
                } else {
                    told = told.isZero() ? round : told;
                    wrong = differences(agreement);
                }
                if (wrong.isEmpty() || System.nanoTime() > until) {
                    return new Times(healed, told, round);
                }
                say("%d differ: %s".formatted(wrong.size(), wrong.getFirst()));
                pause();
            }
        }

        /** Of whoever can be asked. */
        private List<String> differences(Agreement agreement) {
            List<String> wrong = agreement.ofLog("who reads the log", reader.online());
            if (!wrong.isEmpty()) {
                return wrong;
            }
            try {
                wrong = agreement.ofDirectory(directory.of(agreement.standing().clients()));
                return wrong.isEmpty() ? agreement.ofLog("a fresh snapshot", LogReader.now(api)) : wrong;
            } catch (ClusterException e) {
                return List.of("center: " + e.getMessage());
            }
        }

        private void tell(Agreement agreement, Times times) {
            List<String> wrong = agreement.ofCallback();
            fail("%d clients differ from what the callback was told last", wrong);
            fail("%d differences beside the callback", differences(agreement));
            fail("%d events came out of order", book.wrongs(), book.wrong());
            if (!standsStill(agreement)) {
                result.failed("clients that stood still lost their links, or came: " + crowd.problem());
            }
            if (result.isGood() && times.all.compareTo(bound.sum()) > 0) {
                result.failed(
                        LATE + ": after %.1f s, and it may take %s".formatted(PresenceBound.seconds(times.all), bound));
            }
            result.add(blows.table());
            result.add(table(agreement, times));
            result.figure("until all agree, s", PresenceBound.seconds(times.all));
            List<Integer> lost = agreement.lost();
            if (!lost.isEmpty()) {
                result.found(lostWords(agreement, lost));
            }
            if (result.isGood()) {
                result.found(
                        "seed %d: %,d events of %,d clients through %d blows, none of an older generation behind a newer one; all agreed after %.1f s of %s"
                                .formatted(
                                        seed,
                                        book.events(),
                                        size.clients(),
                                        blows.count(),
                                        PresenceBound.seconds(times.all),
                                        bound));
            }
        }

        private boolean standsStill(Agreement agreement) {
            Standing now = crowd.standing();
            for (int i = 0; i < now.clients(); i++) {
                if (now.isBound(i) != agreement.standing().isBound(i)) {
                    return false;
                }
            }
            return true;
        }

        private String lostWords(Agreement agreement, List<Integer> lost) {
            long last = lost.stream()
                    .mapToLong(client -> agreement.standing().changedMs(client))
                    .max()
                    .orElse(0);
            return "%d clients went around the loss of Redis, which alone knew that they had been told to be online: the callback was not told (the last one went %.1f s after the loss); the log says gap"
                    .formatted(lost.size(), (last - blows.emptiedMs()) / 1e3);
        }

        private Table table(Agreement agreement, Times times) {
            Table table = Table.of(
                    "Presence",
                    "seed",
                    "clients",
                    "connected",
                    "events",
                    "again",
                    "read in the log",
                    "snapshots",
                    "lost with Redis",
                    "well after s",
                    "told after s",
                    "all agree after s",
                    "bound s");
            table.add(
                    Long.toString(seed),
                    size.clients(),
                    agreement.standing().bound(),
                    book.events(),
                    book.repeated(),
                    reader.events(),
                    reader.snapshots(),
                    agreement.lost().size(),
                    PresenceBound.seconds(times.healed),
                    PresenceBound.seconds(times.told),
                    PresenceBound.seconds(times.all),
                    PresenceBound.seconds(bound.sum()));
            return table;
        }

        private void fail(String words, List<String> wrong) {
            fail(words, wrong.size(), wrong);
        }

        private void fail(String words, long count, List<String> wrong) {
            if (count > 0) {
                result.failed(words.formatted(count));
                wrong.stream().limit(MOST_SHOWN).forEach(result::failed);
            }
        }

        private static Duration since(long nanos) {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }

        private static void pause() {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted", e);
            }
        }
    }
}
