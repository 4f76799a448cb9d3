package io.longline.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bench.failure.Rebuild;
import io.longline.bench.failure.RebuildResult;
import io.longline.bench.failure.RebuildSize;
import io.longline.bench.presence.PresenceKilled;
import io.longline.bench.presence.PresenceKilledSize;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import io.longline.deploy.faults.Jcmd;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario in the smallest form, one after the other on one cluster; the last ones break it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ScenariosIT {
    private static final int ROOMS = 3;
    /** How fast services are is not under test: they are small, and leave the compiler that comes second alone. */
    private static final List<String> SMALL_JAVA = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Load LOAD = Load.of(200, 1, 1, 50);
    /** Where the rate is how many ask at once. */
    private static final Load CALLERS = Load.of(200, 1, 1, 2);

    @TempDir
    static Path folder;

    private static Rig rig;

    private final List<String> progress = new ArrayList<>();

    @BeforeAll
    static void start() {
        rig = new Rig(folder, ROOMS, 1, SMALL_JAVA);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private Result run(Scenario scenario) {
        return run(scenario, LOAD);
    }

    private Result run(Scenario scenario, Load load) {
        assertThat(scenario.rooms(load)).isLessThanOrEqualTo(ROOMS);
        Result result = scenario.run(rig, load, progress::add);
        assertThat(result.faults()).isEmpty();
        assertThat(result.findings()).isNotEmpty();
        assertThat(progress).isNotEmpty();
        return result;
    }

    private static Table table(Result result, String title) {
        return result.tables().stream()
                .filter(table -> table.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static double number(Table table, int row, String column) {
        return ((Number) table.rows().get(row).get(table.columns().indexOf(column))).doubleValue();
    }

    @Test
    @Order(1)
    void idleTellsTheMemoryOfASession() {
        Result result = run(new Idle());

        assertThat(table(result, "Live heap of a session, native").rows())
                .anySatisfy(row -> assertThat(row.getFirst()).isEqualTo("io.longline.room.session.Session"));
        assertThat(table(result, "A session").rows()).hasSize(2);
        assertThat(result.plots().getFirst().lines()).hasSize(2);
    }

    @Test
    @Order(2)
    void connectionsTellsTheMemoryOfTheWholeCluster() {
        Result result = run(new Connections(SHORT));

        assertThat(table(result, "Rooms").rows()).hasSize(2);
        assertThat(number(table(result, "Rooms"), 0, "sessions")).isEqualTo(100);
        assertThat(number(table(result, "Rooms"), 1, "sessions")).isEqualTo(100);
        assertThat(number(table(result, "All processes"), 0, "pss MiB")).isPositive();
        assertThat(number(table(result, "Pushes meanwhile"), 0, "pushes")).isEqualTo(50);
    }

    @Test
    @Order(2)
    void theStopsOfARoomAreCounted() {
        Jcmd.run(rig.roomPid(0), "GC.run"); // throws where it fails

        assertThat(rig.stops().rows()).hasSize(ROOMS);
        assertThat(number(rig.stops(), 0, "stops")).isPositive();
        assertThat(number(rig.stops(), 0, "longest ms")).isPositive();
    }

    @Test
    @Order(2)
    void loginTellsLoginsForEachCpuSecond() {
        Result result = run(new Login());

        assertThat(number(table(result, "Rounds"), 1, "logins")).isEqualTo(200);
        assertThat(number(table(result, "Rounds"), 1, "logins/server CPU s")).isPositive();
    }

    @Test
    @Order(3)
    void unicastTellsTimesOfBothDurabilities() {
        Result result = run(new Unicast());

        for (String durability : List.of("mysql", "redis")) {
            Table table = table(result, "Durability " + durability);
            assertThat(number(table, 0, "arrived p50 ms")).isPositive();
            assertThat(number(table, 0, "p99 ms")).isGreaterThanOrEqualTo(number(table, 0, "arrived p50 ms"));
        }
    }

    @Test
    @Order(4)
    void jobsAreSentToAllOfTheirListsAndAcknowledgedByWhoIsThere() {
        Result result = run(new Jobs());

        Table table = table(result, "Lists");
        assertThat(table.rows()).hasSize(2);
        for (int row = 0; row < 2; row++) {
            assertThat(number(table, row, "acked")).isEqualTo(200);
            assertThat(number(table, row, "targets/s")).isPositive();
            assertThat(number(table, row, "most MiB")).isPositive();
        }
    }

    @Test
    @Order(4)
    void batchesArriveWhole() {
        Result result = run(new Batch(), CALLERS);

        for (String durability : List.of("mysql", "redis")) {
            assertThat(number(table(result, "Durability " + durability), 0, "messages/s"))
                    .isPositive();
        }
    }

    @Test
    @Order(4)
    void presenceIsToldRightly() {
        Table table = table(run(new Presence(), CALLERS), "Users asked for");

        assertThat(number(table, 0, "calls")).isPositive();
        assertThat(number(table, 0, "users/s")).isPositive();
    }

    @Test
    @Order(4)
    void uplinksReachTheBackEndInOrder() {
        Result result = run(new Uplinks());

        Table table = table(result, "Uplinks");
        assertThat(number(table, 0, "sent/s")).isPositive();
        assertThat(number(table, 0, "refused")).isZero();
    }

    @Test
    @Order(4)
    void uplinksReachTheConsumersOfAGroup() {
        Result result = run(new Groups());

        Table table = table(result, "Uplinks to a group");
        assertThat(table.rows()).hasSize(3);
        for (int row = 0; row < 3; row++) {
            assertThat(number(table, row, "sent/s")).isPositive();
            assertThat(number(table, row, "pulled p99 ms")).isPositive();
            assertThat(number(table, row, "refused")).isZero();
        }
        assertThat(table(result, "At rest, % of a core").rows()).hasSize(4);
    }

    @Test
    @Order(4)
    void whatABackEndIsToldComesWhole() {
        Result result = run(new Events());

        Table table = table(result, "Events");
        assertThat(number(table, 0, "events")).isEqualTo(200);
        assertThat(number(table, 1, "events")).isEqualTo(50);
        assertThat(number(table, 2, "events")).isEqualTo(200);
    }

    @Test
    @Order(4)
    void aProductAtItsLimitIsRefusedBesideAnotherOne() {
        Table table = table(run(new Fair()), "Below the limit, and at it");

        assertThat(number(table, 0, "refused at")).isPositive();
        assertThat(number(table, 0, "ratio of p99")).isPositive();
    }

    @Test
    @Order(4)
    void fanoutReachesEverySessionAndStandsBesideTheFloor() {
        Result result = run(new Fanout(), Load.of(200, 1, 1, FanoutRates.MOST_BROADCASTS_A_SECOND));

        assertThat(number(table(result, "Rounds"), 0, "deliveries/CPU s")).isPositive();
        assertThat(result.findings()).anyMatch(found -> found.contains("floor"));
        Table rates = table(result, "At steady rates");
        assertThat(rates.rows()).hasSize(2 * FanoutRates.WINDOWS_MS.size() + 1); // everybody has no window
        for (int row = 0; row < rates.rows().size(); row++) {
            assertThat(number(rates, row, "deliveries/CPU s")).isPositive();
            assertThat(number(rates, row, "messages a frame")).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    @Order(4)
    void broadcastsReachOneRoomAndSeveralAndKeepTheirPace() {
        Result result = run(new Broadcast(), Load.of(200, 1, 2));

        Table unpaced = table(result, "Unpaced");
        assertThat(unpaced.rows()).hasSize(4);
        for (int row = 0; row < 4; row++) {
            assertThat(number(unpaced, row, "first ms")).isPositive();
            assertThat(number(unpaced, row, "last ms")).isGreaterThanOrEqualTo(number(unpaced, row, "median ms"));
        }
        Table paced = table(result, "Paced");
        assertThat(number(paced, 0, "rooms")).isEqualTo(1);
        assertThat(number(paced, 1, "rooms")).isEqualTo(2);
        for (int row = 0; row < 2; row++) {
            assertThat(number(paced, row, "set/s")).isEqualTo(100);
            assertThat(number(paced, row, "last s")).isGreaterThan(1);
            assertThat(number(paced, row, "most in a second")).isPositive();
        }
    }

    @Test
    @Order(4)
    void pushesGoOnBesideBroadcasts() {
        Table table = table(run(new Mixed()), "Pushes");

        assertThat(table.rows()).hasSize(6);
        assertThat(number(table, 3, "broadcasts")).isZero();
        assertThat(number(table, 4, "broadcasts")).isEqualTo(1);
        assertThat(number(table, 5, "broadcasts")).isPositive();
        for (int row = 0; row < 6; row++) {
            assertThat(number(table, row, "pushes")).isEqualTo(50);
            assertThat(number(table, row, "p99 ms")).isPositive();
        }
    }

    @Test
    @Order(4)
    void whatADeliveryCostsIsToldForEachNumberOfRooms() {
        Table table = table(run(new Scale(), Load.of(200, 1, 1, 1, 2)), "Cost of a delivery");

        assertThat(table.rows()).hasSize(4);
        for (int row = 0; row < 4; row++) {
            assertThat(number(table, row, "all services µs")).isGreaterThan(number(table, row, "rooms µs"));
        }
    }

    @Test
    @Order(4)
    void aDayHasAllLoadsAtOnceAndNothingIsLost() {
        Table table = table(run(new Day(SHORT), Load.of(500, 1, 2, 50)), "p99 of each, ms");

        assertThat(table.rows()).hasSize(3);
        assertThat(number(table, 0, "came back")).isZero();
        assertThat(number(table, 2, "came back")).isPositive();
        assertThat(number(table, 2, "login")).isPositive();
        for (int row = 0; row < 3; row++) {
            assertThat(number(table, row, "pings")).isPositive();
            assertThat(number(table, row, "pushes")).isEqualTo(100);
        }
    }

    @Test
    @Order(5)
    void uplinksArriveThoughCoordinatorsAreKilled() {
        Result result = run(new UplinksKilled(SHORT, SHORT));

        assertThat(number(table(result, "Uplinks"), 0, "kills")).isPositive();
        assertThat(number(table(result, "Uplinks"), 0, "arrived")).isPositive();
    }

    @Test
    @Order(5)
    void slowClientsGetWhatWaitedForThem() {
        Result result = run(new Slow());

        assertThat(table(result, "Clients that read").rows()).hasSize(2);
    }

    @Test
    @Order(6)
    void theLastEventOfEachIsTrueThoughWhoTellsItIsKilled() {
        long seed = Long.getLong("longline.presence.seed", new SecureRandom().nextInt(Integer.MAX_VALUE));
        System.out.println("clients come and go with -Dlongline.presence.seed=" + seed);

        Result result = new PresenceKilled(PresenceKilledSize.TINY, seed, progress::add).run(rig);

        // how long it took is for who measures: here others use the machine
        assertThat(result.faults()).as("%s", progress).allMatch(fault -> fault.startsWith(PresenceKilled.LATE));
        assertThat(number(table(result, "Presence"), 0, "events")).isPositive();
        assertThat(number(table(result, "Presence"), 0, "read in the log")).isPositive();
    }

    @Test
    @Order(6)
    void othersAreServedWhileSomeDoHarm() {
        Result result = run(new Abuse());

        Table table = table(result, "Clients that are served");
        assertThat(table.rows()).hasSize(Abuser.Deed.values().length);
        for (int row = 0; row < table.rows().size(); row++) {
            assertThat(number(table, row, "begun a second")).isPositive();
            assertThat(number(table, row, "ratio of p99")).isPositive();
        }
    }

    @Test
    @Order(6)
    void afterRedisWasEmptiedEverySessionAndEveryMessageIsFoundAgain() {
        RebuildResult result = new Rebuild(new RebuildSize(60, 16, 200, 10), line -> {}).run(rig.cluster());

        assertThat(result.sessionsLost()).isZero();
        assertThat(result.messagesLost()).isZero();
        assertThat(result.routes()).hasSizeGreaterThan(40);
        assertThat(result.inboxes()).hasSizeGreaterThan(15);
    }

    @Test
    @Order(7)
    void afterAStormAllAreBack() {
        Result result = run(Storm.atUsedRooms());

        assertThat(number(table(result, "Clients"), 0, "clients")).isEqualTo(200);
        assertThat(number(table(result, "Clients"), 0, "last s")).isPositive();
    }
}
