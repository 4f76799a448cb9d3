package io.longline.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.coordinator.audit.Suspect.Flaw;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditRoundTest {
    private static final Place EMPTY = new Place(FakeCluster.ROOM, FakeCluster.INCARNATION, 0, 99, 1);

    private final FakeCluster cluster = new FakeCluster();

    private static Suspect suspect(Flaw flaw, SeenSession session, long seq) {
        return new Suspect(flaw, session.endpoint(), session.place(), session.generation(), seq);
    }

    // ---- ghosts ----

    @Test
    void whatIsAsItShouldBeIsLookedAtOnceAndLeftAlone() {
        cluster.bound("u1", 0, 10);
        cluster.bound("u2", 1, 11);
        List<Finding> findings = new ArrayList<>();

        AuditReport report = cluster.audit(findings);

        assertThat(findings).isEmpty();
        assertThat(cluster.pauses).isEmpty();
        assertThat(report.routes()).isEqualTo(2);
        assertThat(report.sessions()).isEqualTo(2);
        assertThat(report.unknown()).isZero();
    }

    @Test
    void aRouteThatTwoLooksFoundWithoutItsSessionIsTakenAway() {
        BoundRoute ghost = cluster.ghost("u1", EMPTY, 10);

        assertThat(cluster.audit())
                .containsExactly(new Finding(new Suspect(Flaw.GHOST, ghost.endpoint(), EMPTY, 10, 0), true));
        assertThat(cluster.takenAway).containsExactly(ghost);
        assertThat(cluster.pauses).containsExactly(Duration.ofSeconds(5));
    }

    @Test
    void aRouteOfAnotherGenerationThanTheSessionAtItsPlaceIsAGhostAndTheSessionIsBoundAnew() {
        SeenSession session = cluster.session("u1", 0, 10);
        cluster.ghost("u1", session.place(), 9);

        assertThat(cluster.audit())
                .extracting(finding -> finding.suspect().flaw())
                .containsExactly(Flaw.GHOST, Flaw.UNBOUND);
        assertThat(cluster.routes)
                .containsEntry(session.endpoint(), new BoundRoute(session.endpoint(), session.place(), 10));
    }

    @Test
    void aRouteThatIsUnboundBetweenTheLooksIsNoGhost() {
        BoundRoute leaving = cluster.ghost("u1", EMPTY, 10);
        cluster.meanwhile(() -> cluster.routes.remove(leaving.endpoint()));

        assertThat(cluster.audit()).isEmpty();
        assertThat(cluster.takenAway).isEmpty();
    }

    @Test
    void aRouteThatIsTakenOverBetweenTheLooksStays() {
        cluster.ghost("u1", EMPTY, 10);
        cluster.meanwhile(() -> cluster.bound("u1", 5, 11));

        assertThat(cluster.audit()).isEmpty();
        assertThat(cluster.takenAway).isEmpty();
    }

    @Test
    void aSessionWhoseBindIsUnderWayIsNoGhost() {
        cluster.ghost("u1", EMPTY, 10);
        cluster.binding.add(EMPTY);

        assertThat(cluster.audit()).isEmpty();
    }

    @Test
    void aRouteInARoomThatZooKeeperDoesNotNameIsGivenTheGrace() {
        BoundRoute ghost = cluster.ghost("u1", new Place("room-9", 3, 0, 0, 1), 10);

        assertThat(cluster.audit()).extracting(Finding::mended).containsExactly(true);
        assertThat(cluster.takenAway).containsExactly(ghost);
        assertThat(cluster.pauses).containsExactly(Duration.ofSeconds(15));
    }

    @Test
    void aRouteOfAnIncarnationThatIsNotAnnouncedYetIsLeftAlone() {
        cluster.ghost("u1", new Place(FakeCluster.ROOM, FakeCluster.INCARNATION + 1, 0, 0, 1), 10);

        assertThat(cluster.audit()).isEmpty();
    }

    // ---- sessions ----

    @Test
    void aSessionThatNobodyHasIsBoundAnew() {
        SeenSession session = cluster.session("u1", 0, 10);

        assertThat(cluster.audit()).containsExactly(new Finding(suspect(Flaw.UNBOUND, session, 0), true));
    }

    @Test
    void aSessionThatANewerOneHasReplacedIsEnded() {
        SeenSession older = cluster.session("u1", 0, 10);
        SeenSession newer = cluster.bound("u1", 1, 12);

        assertThat(cluster.audit()).containsExactly(new Finding(suspect(Flaw.OUTLIVED, older, 0), true));
        assertThat(cluster.sessions).containsOnlyKeys(newer.place());
        assertThat(cluster.takenAway).isEmpty();
    }

    @Test
    void aSessionThatHasEndedByTheSecondLookIsLeftAlone() {
        SeenSession session = cluster.session("u1", 0, 10);
        cluster.meanwhile(() -> cluster.sessions.remove(session.place()));

        assertThat(cluster.audit()).isEmpty();
        assertThat(cluster.mended).isEmpty();
    }

    @Test
    void aSlotThatAnotherSessionHasByTheSecondLookIsLeftAlone() {
        SeenSession session = cluster.session("u1", 0, 10);
        cluster.meanwhile(() -> cluster.bound("u1", 0, 11));

        assertThat(cluster.audit()).isEmpty();
        assertThat(cluster.sessions.values())
                .extracting(SeenSession::generation)
                .containsExactly(11L);
        assertThat(cluster.sessions).containsOnlyKeys(session.place());
    }

    // ---- messages ----

    @Test
    void aMessageThatAnIdleSessionWasNotSentIsLoaded() {
        SeenSession session = cluster.bound("u1", 0, 10);
        cluster.newest.put(session.endpoint(), 101L);

        assertThat(cluster.audit()).containsExactly(new Finding(suspect(Flaw.STRANDED, session, 101), true));
    }

    @Test
    void aMessageThatIsSentBetweenTheLooksWasNotStranded() {
        SeenSession session = cluster.bound("u1", 0, 10);
        cluster.newest.put(session.endpoint(), 101L);
        cluster.meanwhile(() -> cluster.sessions.put(
                session.place(), new SeenSession(session.endpoint(), session.place(), 10, 101, true)));

        assertThat(cluster.audit()).isEmpty();
    }

    @Test
    void anotherMessageAtTheSecondLookIsOnItsWay() {
        SeenSession session = cluster.bound("u1", 0, 10);
        cluster.newest.put(session.endpoint(), 101L);
        cluster.meanwhile(() -> {
            cluster.sessions.put(session.place(), new SeenSession(session.endpoint(), session.place(), 10, 101, true));
            cluster.newest.put(session.endpoint(), 105L);
        });

        assertThat(cluster.audit()).isEmpty();
        assertThat(cluster.mended).isEmpty();
    }

    @Test
    void aSessionThatCannotTakeMoreStrandsNothing() {
        SeenSession session = cluster.bound("u1", 0, 10);
        cluster.sessions.put(session.place(), new SeenSession(session.endpoint(), session.place(), 10, 100, false));
        cluster.newest.put(session.endpoint(), 101L);

        assertThat(cluster.audit()).isEmpty();
    }

    // ---- who cannot be asked ----

    @Test
    void whatIsInALostShardIsUnknownAndLeftAlone() {
        SeenSession session = cluster.session("u1", 0, 10);
        BoundRoute ghost = cluster.ghost("u2", EMPTY, 11);
        cluster.lostShards.add(session.endpoint());
        cluster.lostShards.add(ghost.endpoint());
        List<Finding> findings = new ArrayList<>();

        AuditReport report = cluster.audit(findings);

        assertThat(findings).isEmpty();
        assertThat(report.unknown()).isEqualTo(2);
    }

    @Test
    void aShardThatIsLostBetweenTheLooksKeepsWhatWasFoundFromBeingMended() {
        SeenSession session = cluster.session("u1", 0, 10);
        cluster.meanwhile(() -> cluster.lostShards.add(session.endpoint()));
        List<Finding> findings = new ArrayList<>();

        AuditReport report = cluster.audit(findings);

        assertThat(findings).isEmpty();
        assertThat(cluster.mended).isEmpty();
        assertThat(report.unknown()).isEqualTo(1);
    }

    @Test
    void aRoomThatDoesNotAnswerIsUnknownWithItsRoutesAndTheOthersAreLookedAt() {
        cluster.bound("u1", 0, 10);
        cluster.living.put("room-2", 8L);
        cluster.silent.add("room-2");
        cluster.ghost("u2", new Place("room-2", 8, 0, 0, 1), 11);
        List<Finding> findings = new ArrayList<>();

        AuditReport report = cluster.audit(findings);

        assertThat(findings).isEmpty();
        assertThat(report.unknown()).isEqualTo(2);
        assertThat(report.sessions()).isEqualTo(1);
    }

    @Test
    void withoutZooKeeperNothingIsMended() {
        cluster.ghost("u1", EMPTY, 10);
        cluster.meanwhile(cluster::zookeeperAway);

        assertThatThrownBy(cluster::audit).isInstanceOf(LonglineException.class).hasMessageContaining("away");
        assertThat(cluster.takenAway).isEmpty();
        assertThat(cluster.registry
                        .get("longline.coordinator.audit.suspects")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void whatIsStillWrongAfterItWasMendedIsToldSo() {
        cluster.ghost("u1", EMPTY, 10);
        cluster.broken();

        assertThat(cluster.audit()).extracting(Finding::mended).containsExactly(false);
        assertThat(count("found", "ghost")).isEqualTo(1);
        assertThat(count("mended", "ghost")).isZero();
    }

    @Test
    void moreThanAreHeldAtATimeAreMendedInParts() {
        for (int i = 0; i < Mending.MOST + 10; i++) {
            cluster.ghost("u" + i, new Place(FakeCluster.ROOM, FakeCluster.INCARNATION, 0, 1_000 + i, 1), 10);
        }

        assertThat(cluster.audit()).hasSize(Mending.MOST + 10).allMatch(Finding::mended);
        assertThat(cluster.pauses).hasSize(2);
        assertThat(count("mended", "ghost")).isEqualTo(Mending.MOST + 10);
    }

    private double count(String what, String kind) {
        return cluster.registry
                .get("longline.coordinator.audit." + what)
                .tag("kind", kind)
                .counter()
                .count();
    }
}
