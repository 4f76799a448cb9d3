package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeersIT {
    private final Members members = new Members();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Peers peers = new Peers("room", members, RpcConfig.defaults(), metrics);

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void membersThatComeAndGoArePeersThatComeAndGo() {
        members.are(Members.node("room-1", 4001));
        peers.start();
        assertThat(peers.byInstance("room-1")).isPresent();
        assertThat(peers.byInstance("room-2")).isEmpty();

        members.are(Members.node("room-1", 4001), Members.node("room-2", 4002));
        assertThat(peers.all())
                .extracting(peer -> peer.node().instance())
                .containsExactlyInAnyOrder("room-1", "room-2");

        members.are(Members.node("room-2", 4002));
        assertThat(peers.all()).extracting(peer -> peer.node().instance()).containsExactly("room-2");
    }

    @Test
    void aMemberThatStartsAgainIsAnotherPeerAndOneThatChangesStateIsTheSame() {
        members.are(Members.node("room-1", 1, 4001));
        peers.start();
        Peer first = peers.byInstance("room-1").orElseThrow();

        members.are(
                Members.node("room-1", 1, 4001).withState(NodeState.DRAINING).withLoad(7));
        assertThat(peers.byInstance("room-1")).containsSame(first);
        assertThat(first.node().state()).isEqualTo(NodeState.DRAINING);
        assertThat(first.node().load()).isEqualTo(7);

        members.are(Members.node("room-1", 2, 4001));
        assertThat(peers.byInstance("room-1")).isPresent().get().isNotSameAs(first);
        assertThat(Calls.failure(first.call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(10)))
                        .code())
                .isEqualTo(ErrorCode.DEPENDENCY_DOWN);
    }

    @Test
    void aKeyBelongsToAReadyMemberAndOnlyTheKeysOfOneThatLeavesMove() {
        Node[] four = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> Members.node("room-" + i, 4000 + i))
                .toArray(Node[]::new);
        members.are(four);
        peers.start();
        List<String> before = owners();
        assertThat(before).contains("room-1", "room-2", "room-3", "room-4");
        assertThat(before.stream().filter("room-3"::equals).count()).isBetween(32L, 96L);

        four[2] = four[2].withState(NodeState.FULL);
        members.are(four);
        List<String> after = owners();
        assertThat(after).doesNotContain("room-3");
        assertThat(IntStream.range(0, Shards.COUNT).filter(i -> !before.get(i).equals("room-3")))
                .allSatisfy(i -> assertThat(after.get(i)).isEqualTo(before.get(i)));
    }

    @Test
    void withoutAReadyMemberTheServiceIsDown() {
        members.are(Members.node("room-1", 4001).withState(NodeState.DRAINING));
        peers.start();
        assertThatThrownBy(() -> peers.byKey(1)).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("room");
        });
        assertThat(Calls.failure(peers.call(1, Calls.HAND_OVER, Calls.request(1), Calls.seconds(10)))
                        .code())
                .isEqualTo(ErrorCode.DEPENDENCY_DOWN);
    }

    @Test
    void aCallByKeyTakesTheNextMemberWhereTheFirstCannotBeReached() {
        RpcServer one = answering("one");
        RpcServer two = answering("two");
        try {
            members.are(Members.node("room-1", one.port()), Members.node("room-2", two.port()));
            peers.start();
            List<String> both = answers();
            assertThat(both).contains("one", "two");
            assertThat(carriedOn()).containsOnly(false);

            one.close();
            assertThat(carriedOn()).contains(true, false);
            assertThat(answers()).containsOnly("two");

            two.close();
            LonglineException error =
                    Calls.failure(peers.call(1, Calls.HAND_OVER, Calls.request(1), Calls.seconds(10)));
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("room");
        } finally {
            one.close();
            two.close();
        }
    }

    @Test
    void aCallIsCarriedToOneOtherMemberAndNoFurther() throws IOException {
        Gate third = new Gate();
        third.open();
        try (RpcServer living = serving(third);
                Socket unheard = Members.unheardPort()) {
            int nobody = unheard.getLocalPort();
            Node one = Members.node("room-1", 1, nobody);
            Node two = Members.node("room-2", 1, nobody);
            Node three = Members.node("room-3", 1, living.port());
            members.are(two, three);
            peers.start();
            List<String> withoutOne = owners();
            members.are(one, two, three);
            List<String> withOne = owners();
            int key = IntStream.range(0, Shards.COUNT)
                    .filter(k ->
                            withOne.get(k).equals("room-1") && withoutOne.get(k).equals("room-2"))
                    .findFirst()
                    .orElseThrow();

            LonglineException error =
                    Calls.failure(peers.call(key, Calls.HAND_OVER, Calls.request(1), Calls.seconds(10)));

            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(third.batches()).isEmpty();
        }
    }

    @Test
    void anErrorThatThePeerAnswersIsNotCarriedToTheNext() {
        Gate other = new Gate();
        other.open();
        BatchHandler<HandOverRequest, HandOverReply> refuses = (requests, deadline) -> {
            throw LonglineException.dependencyDown("redis", "redis does not answer", null);
        };
        try (RpcServer one = serving(refuses);
                RpcServer two = serving(other)) {
            members.are(Members.node("room-1", one.port()), Members.node("room-2", two.port()));
            peers.start();
            long key = LongStream.range(0, 256)
                    .filter(k -> peers.byKey(k).node().instance().equals("room-1"))
                    .findFirst()
                    .orElseThrow();
            LonglineException error =
                    Calls.failure(peers.call(key, Calls.HAND_OVER, Calls.request(1), Calls.seconds(10)));
            assertThat(error.dependency()).contains("redis");
            assertThat(other.batches()).isEmpty();
        }
    }

    @Test
    void aPeerThatLeavesStillAnswersWhatItWasSent() {
        Gate gate = new Gate();
        try (RpcServer server = serving(gate)) {
            members.are(Members.node("room-1", server.port()));
            peers.start();
            Peer leaving = peers.byKey(1);
            CompletableFuture<HandOverReply> inFlight =
                    leaving.call(Calls.HAND_OVER, Calls.request(5), Calls.seconds(30));
            await().until(() -> gate.batches().size() == 1);
            members.are();
            assertThat(Calls.failure(leaving.call(Calls.HAND_OVER, Calls.request(6), Calls.seconds(30)))
                            .code())
                    .isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            gate.open();
            assertThat(inFlight.join().getReason()).isEqualTo("seq 5");
        }
    }

    @Test
    void aServerThatClosesAnswersWhatItHasBegun() {
        Gate gate = new Gate();
        RpcServer server = serving(gate);
        members.are(Members.node("room-1", server.port()));
        peers.start();
        CompletableFuture<HandOverReply> running =
                peers.byKey(1).call(Calls.HAND_OVER, Calls.request(5), Calls.seconds(30));
        await().until(() -> gate.batches().size() == 1);
        Thread closing = Thread.ofVirtual().start(server::close);
        await().until(() -> {
            LonglineException error =
                    Calls.failure(peers.byKey(1).call(Calls.HAND_OVER, Calls.request(6), Calls.seconds(30)));
            return error.code() == ErrorCode.DRAINING;
        });
        gate.open();
        assertThat(running.join().getReason()).isEqualTo("seq 5");
        await().until(() -> !closing.isAlive());
    }

    private List<String> owners() {
        return IntStream.range(0, Shards.COUNT)
                .mapToObj(key -> peers.byKey(key).node().instance())
                .toList();
    }

    private List<String> answers() {
        return LongStream.range(0, 32)
                .mapToObj(key -> peers.await(key, Calls.HAND_OVER, Calls.request(key), Calls.seconds(10))
                        .getReason())
                .toList();
    }

    /** Whether the answer to each key says that another member was asked before. */
    private List<Boolean> carriedOn() {
        return LongStream.range(0, 32)
                .mapToObj(key -> peers.call(
                                key, Calls.HAND_OVER, Calls.request(key), Calls.seconds(10), (answer, again) -> again)
                        .join())
                .toList();
    }

    private RpcServer answering(String name) {
        return serving((requests, deadline) -> requests.stream()
                .map(request -> HandOverReply.newBuilder().setReason(name).build())
                .toList());
    }

    private RpcServer serving(BatchHandler<HandOverRequest, HandOverReply> handler) {
        RpcServer server =
                new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(Calls.service(handler)));
        server.start();
        return server;
    }
}
