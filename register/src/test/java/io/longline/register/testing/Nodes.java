package io.longline.register.testing;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.util.List;

/** How the peers of a test announce themselves. */
final class Nodes {

    private Nodes() {}

    static Node node(String service, String instance, long incarnation, int port) {
        String rpc = "127.0.0.1:" + port;
        return new Node(service, instance, incarnation, rpc, "", "", List.of(), NodeState.READY, "", 100, 0, 0);
    }
}
