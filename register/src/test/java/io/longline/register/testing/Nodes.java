package io.longline.register.testing;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** How the peers of a test announce themselves. */
final class Nodes {

    private Nodes() {}

    static Node node(String service, String instance, long incarnation, int port) {
        String rpc = "127.0.0.1:" + port;
        return new Node(service, instance, incarnation, rpc, "", "", List.of(), NodeState.READY, "", 100, 0, 0);
    }

    /** A port that nobody listened on a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
