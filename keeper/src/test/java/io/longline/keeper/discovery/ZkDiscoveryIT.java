package io.longline.keeper.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.state.ConnectionState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(90)
class ZkDiscoveryIT {

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final AtomicLong CLUSTERS = new AtomicLong();

    private final String cluster = "test-" + CLUSTERS.incrementAndGet();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ZkSession session;
    private ZkDiscovery discovery;

    @BeforeEach
    void connect() {
        session = session();
        discovery = discovery(session);
    }

    @AfterEach
    void disconnect() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void membersSeeEachOtherComeChangeAndGo() {
        ZkDiscovery other = discovery(session());
        assertThat(other.nodes("room")).isEmpty();

        Announcement announcement = discovery.announce(room("room-1", 1));
        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 1))));
        announcement.update(room("room-1", 1).withState(NodeState.DRAINING));
        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 1).withState(NodeState.DRAINING))));
        announcement.close();
        await().until(() -> other.nodes("room").isEmpty());

        assertThat(other.connected()).isTrue();
        assertThat(other.nodes("saver")).isEmpty();
    }

    @Test
    void aNodeLeftByAnEarlierSessionIsReplacedAndDoesNotTakeTheNewOneAlong() throws Exception {
        ZkSession earlier = session();
        Announcement _ = discovery(earlier).announce(room("room-1", 1));

        Announcement _ = discovery.announce(room("room-1", 2));
        assertThat(discovery.readNow("room")).containsExactly(room("room-1", 2));
        ZOOKEEPER.store().expireSession(earlier.id());

        Announcement _ = discovery.announce(room("room-2", 1));
        await().until(() -> discovery.nodes("room").size() == 2);
        assertThat(discovery.readNow("room")).containsExactly(room("room-1", 2), room("room-2", 1));
    }

    @Test
    void whoAnnouncesItselfWhileZookeeperIsAwayIsSeenWhenItIsBack() {
        ZOOKEEPER.store().stop();
        await().until(() -> !session.connected());

        CompletableFuture<Announcement> announced =
                CompletableFuture.supplyAsync(() -> discovery.announce(room("room-1", 1)));
        assertThatThrownBy(() -> discovery.readNow("room")).isInstanceOf(LonglineException.class); // that long
        assertThat(announced).isNotDone();

        ZOOKEEPER.store().start();
        assertThat(announced).succeedsWithin(Duration.ofSeconds(20));
        assertThat(discovery.readNow("room")).containsExactly(room("room-1", 1));
    }

    @Test
    void whileZookeeperIsAwayTheLastKnownMembersStay() {
        Announcement _ = discovery.announce(room("room-1", 1));
        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").size() == 1);
        List<List<Node>> told = new CopyOnWriteArrayList<>();
        opened.add(other.watch("room", told::add));

        ZOOKEEPER.store().stop();
        await().until(() -> !other.connected());

        assertThat(other.nodes("room")).containsExactly(room("room-1", 1));
        assertThatThrownBy(() -> other.readNow("room")).isInstanceOfSatisfying(LonglineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(e.dependency()).contains("zookeeper");
        });

        ZOOKEEPER.store().start();
        await().until(other::connected);
        assertThat(other.nodes("room")).containsExactly(room("room-1", 1));
        assertThat(told).containsExactly(List.of(room("room-1", 1)));
    }

    @Test
    void whatChangedWhileZookeeperWasAwayIsSeenBeforeTheListCountsAsLive() {
        Announcement announcement = discovery.announce(room("room-1", 1));
        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").size() == 1);

        ZOOKEEPER.store().stop();
        await().until(() -> !other.connected());
        announcement.update(room("room-1", 1).withLoad(5));
        ZOOKEEPER.store().start();

        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 1).withLoad(5))));
    }

    @Test
    void aLostSessionIsToldAndTheMemberAnnouncedAgainWithItsNewIncarnation() throws Exception {
        Announcement announcement = discovery.announce(room("room-1", 1));
        announcement.onLost(() -> announcement.update(room("room-1", 2)));
        ZkDiscovery other = discovery(session());
        List<List<Node>> told = new CopyOnWriteArrayList<>();
        opened.add(other.watch("room", told::add));

        ZOOKEEPER.store().expireSession(session.id());

        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 2))));
        await().until(() -> told.getLast().equals(List.of(room("room-1", 2))));
        assertThat(told.getFirst()).containsExactly(room("room-1", 1));
        assertThat(told).doesNotContain(List.of(room("room-1", 1), room("room-1", 2)));
        await().until(() -> discovery.connected());
        assertThat(discovery.readNow("room")).containsExactly(room("room-1", 2));
    }

    @Test
    void aSessionThatRanOutWhileZookeeperWasAwayIsLostToo() {
        Announcement announcement = discovery.announce(room("room-1", 1));
        announcement.onLost(() -> announcement.update(room("room-1", 2)));
        CountDownLatch lost = new CountDownLatch(1);
        session.curator().getConnectionStateListenable().addListener((client, state) -> {
            if (state == ConnectionState.LOST) {
                lost.countDown();
            }
        });

        ZOOKEEPER.store().stop();
        await().until(() -> lost.getCount() == 0);
        ZOOKEEPER.store().start();

        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 2))));
    }

    @Test
    void aNodeThatSomebodyDeletesIsToldAndAnnouncedAgainAtOnce() throws Exception {
        Announcement announcement = discovery.announce(room("room-1", 1));
        announcement.onLost(() -> announcement.update(room("room-1", 2)));
        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 1))));

        session().delete("/nodes/room/room-1");

        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 2))));
        announcement.onLost(() -> announcement.update(room("room-1", 3)));
        session().delete("/nodes/room/room-1");
        await().until(() -> other.nodes("room").equals(List.of(room("room-1", 3))));
    }

    @Test
    void aNodeThatIsDeletedWhileItsOwnerIsNotConnectedIsToldToo() throws Exception {
        Announcement announcement = discovery.announce(room("room-1", 1));
        announcement.onLost(() -> announcement.update(room("room-1", 2)));
        long former = session.id();

        ZOOKEEPER.store().stop();
        await().until(() -> !announcement.visible());
        ZOOKEEPER.store().start();
        session().delete("/nodes/room/room-1"); // before or after its owner is back

        await().until(() -> discovery.readNow("room").equals(List.of(room("room-1", 2))));
        assertThat(session.id()).isEqualTo(former);
        assertThat(announcement.visible()).isTrue();
    }

    @Test
    void aWatchIsToldAtOnceAndNeverMissesTheLastState() {
        Announcement announcement = discovery.announce(room("room-1", 1));
        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").size() == 1);
        List<Long> loads = new CopyOnWriteArrayList<>();
        opened.add(other.watch("room", nodes -> loads.add(nodes.getFirst().load())));
        assertThat(loads).containsExactly(0L);

        for (long load = 1; load <= 200; load++) {
            announcement.update(room("room-1", 1).withLoad(load));
        }

        await().until(() -> loads.getLast() == 200);
        assertThat(loads).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aListenerThatFailsOrIsClosedDisturbsNobody() throws Exception {
        ZkDiscovery other = discovery(session());
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        List<Integer> closedSizes = new CopyOnWriteArrayList<>();
        opened.add(other.watch("room", nodes -> {
            throw new IllegalStateException("on purpose");
        }));
        other.watch("room", nodes -> closedSizes.add(nodes.size())).close();
        opened.add(other.watch("room", nodes -> sizes.add(nodes.size())));

        Announcement _ = discovery.announce(room("room-1", 1));

        await().until(() -> sizes.equals(List.of(0, 1)));
        assertThat(closedSizes).containsExactly(0);
    }

    @Test
    void aNodeThatCannotBeReadKeepsItsLastGoodState() throws Exception {
        Announcement _ = discovery.announce(room("room-1", 1));
        ZkDiscovery other = discovery(session());
        await().until(() -> other.nodes("room").size() == 1);

        session.curator().setData().forPath("/nodes/room/room-1", new byte[] {'{'});
        Announcement _ = discovery.announce(room("room-2", 1));

        await().until(() -> other.nodes("room").size() == 2);
        assertThat(other.nodes("room")).containsExactly(room("room-1", 1), room("room-2", 1));
    }

    @Test
    void whoseNameWasTakenByAnotherProcessDoesNotFightForIt() {
        Announcement first = discovery.announce(room("room-1", 1));
        ZkSession otherSession = session();
        ZkDiscovery other = discovery(otherSession);
        Announcement _ = other.announce(room("room-1", 2));

        await().until(() -> !first.visible());
        first.update(room("room-1", 3));
        Announcement _ = discovery.announce(room("room-2", 1));

        await().during(Duration.ofMillis(300))
                .until(() -> discovery.readNow("room").equals(List.of(room("room-1", 2), room("room-2", 1))));
    }

    @Test
    void whoseNameWasTakenTakesNoNodeOfTheOthersWithIt() {
        Announcement first = discovery.announce(room("room-1", 1));
        Announcement _ = discovery(session()).announce(room("room-1", 2));

        first.close();

        await().during(Duration.ofMillis(300))
                .until(() -> discovery.readNow("room").equals(List.of(room("room-1", 2))));
    }

    @Test
    void whoseNameWasTakenDoesNotTakeItBackWithANewSessionButWhenItIsFree() throws Exception {
        ZkSession stopped = session();
        Announcement _ = discovery(stopped).announce(room("room-1", 1));
        Announcement second = discovery(session()).announce(room("room-1", 2));
        long former = stopped.id();

        stopped.curator().getZookeeperClient().getZooKeeper().getTestable().injectSessionExpiration();

        await().until(() -> stopped.connected() && stopped.id() != former);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> discovery.readNow("room").equals(List.of(room("room-1", 2))));
        second.close();
        await().until(() -> discovery.readNow("room").equals(List.of(room("room-1", 1))));
    }

    private ZkSession session() {
        ZkSession made = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), cluster, Duration.ofSeconds(6)));
        made.start();
        opened.add(made);
        return made;
    }

    private ZkDiscovery discovery(ZkSession over) {
        ZkDiscovery made = new ZkDiscovery(over);
        opened.add(made);
        return made;
    }

    private static Node room(String instance, long incarnation) {
        return new Node(
                "room", instance, incarnation, "127.0.0.1:1", "", "", List.of(), NodeState.READY, "", 100, 0, 0);
    }
}
