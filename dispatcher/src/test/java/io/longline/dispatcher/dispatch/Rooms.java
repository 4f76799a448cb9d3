package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.PublicAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rooms as they announce themselves. */
final class Rooms {

    private Rooms() {}

    /** {@code room-1} on {@code 10.0.0.1}, and so on, all on one port. */
    static List<Node> many(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> room("room-" + i, 100, "10.0.0." + i, 443))
                .toList();
    }

    static Node room(String instance, int weight, int... ports) {
        return room(instance, weight, "127.0.0.1", ports);
    }

    static Node room(String instance, int weight, String host, int... ports) {
        List<PublicAddress> addresses = Arrays.stream(ports)
                .mapToObj(port -> new PublicAddress(host, port, false, "", ""))
                .toList();
        return new Node("room", instance, 1, "", "", "", addresses, NodeState.READY, "", weight, 0, 0);
    }

    /** On port 443, at the usual weight. */
    static Node inRegion(String instance, String host, String region) {
        List<PublicAddress> addresses = List.of(new PublicAddress(host, 443, false, "", region));
        return new Node("room", instance, 1, "", "", "", addresses, NodeState.READY, "", 100, 0, 0);
    }
}
