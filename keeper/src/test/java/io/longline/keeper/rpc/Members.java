package io.longline.keeper.rpc;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Members of one service that a test names. */
final class Members implements Discovery {
    private final List<Consumer<List<Node>>> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Node> nodes = List.of();

    static Node node(String instance, int port) {
        return node(instance, 1, port);
    }

    static Node node(String instance, long incarnation, int port) {
        return new Node(
                "room", instance, incarnation, "127.0.0.1:" + port, "", "", List.of(), NodeState.READY, "", 100, 0, 0);
    }

    /** A socket whose port nobody listens on, and nobody else is given until it is closed. */
    static Socket unheardPort() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    void are(Node... present) {
        nodes = List.of(present);
        listeners.forEach(listener -> listener.accept(nodes));
    }

    @Override
    public List<Node> nodes(String service) {
        return nodes;
    }

    @Override
    public AutoCloseable watch(String service, Consumer<List<Node>> listener) {
        listeners.add(listener);
        listener.accept(nodes);
        return () -> listeners.remove(listener);
    }

    @Override
    public boolean connected() {
        return true;
    }
}
