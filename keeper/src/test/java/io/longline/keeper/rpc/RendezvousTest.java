package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static Node node(String instance, String rpc, NodeState state) {
        return new Node("coordinator", instance, 1, rpc, "", "127.0.0.1:1", List.of(), state, "", 100, 0, 0, List.of());
    }

    @Test
    void keysBelongToWhoIsReadyAndCanBeCalled() {
        List<Node> nodes = List.of(
                node("new", "127.0.0.1:7", NodeState.READY),
                node("of-an-earlier-release", "", NodeState.READY),
                node("leaving", "127.0.0.1:8", NodeState.DRAINING));

        assertThat(LongStream.range(0, 256).mapToObj(key -> Rendezvous.owner(key, nodes)))
                .allSatisfy(owner -> assertThat(owner).contains("new"));
        assertThat(Rendezvous.owner(1, nodes.subList(1, 3))).isEmpty();
    }
}
