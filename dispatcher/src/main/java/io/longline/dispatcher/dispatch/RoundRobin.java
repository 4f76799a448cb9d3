package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code round-robin}: each question begins with the room after the one that the question before began with, by their names. Weights play no part. */
final class RoundRobin implements Balancer {
    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public List<Node> order(List<Node> rooms, String product, String user) {
        List<Node> order = new ArrayList<>(rooms);
        order.sort(Comparator.comparing(Node::instance));
        if (!order.isEmpty()) {
            Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
        }
        return order;
    }
}
