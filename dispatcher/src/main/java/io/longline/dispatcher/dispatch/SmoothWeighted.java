package io.longline.dispatcher.dispatch;

import io.longline.keeper.balance.SmoothRoundRobin;
import io.longline.keeper.discovery.Node;
import java.util.List;

/** {@code smooth-weighted}: round robin by the weights of rooms, in which a heavy room's turns are spread. */
final class SmoothWeighted implements Balancer {
    private final SmoothRoundRobin<Node> turns = new SmoothRoundRobin<>(Node::instance, Node::weight);

    @Override
    public List<Node> order(List<Node> rooms, String product, String user) {
        return turns.order(rooms);
    }
}
