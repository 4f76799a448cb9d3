package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code smooth-weighted}: round robin by weight, in which a heavy room's turns are spread: weights 5, 1, 1 give a a b a c a a. With each
 * question every room gains its weight, the highest is first and pays the sum of all; those behind it stand in the order of what they have.
 */
final class SmoothWeighted implements Balancer {
    /** Of the rooms of the last question. */
    private Map<String, Long> credit = new HashMap<>();

    @Override
    public synchronized List<Node> order(List<Node> rooms, String product, String user) {
        Map<String, Long> now = new HashMap<>();
        long sum = 0;
        for (Node room : rooms) {
            int weight = Math.max(1, room.weight());
            now.put(room.instance(), credit.getOrDefault(room.instance(), 0L) + weight);
            sum += weight;
        }
        List<Node> order = new ArrayList<>(rooms);
        order.sort(Comparator.comparingLong((Node room) -> now.getOrDefault(room.instance(), 0L))
                .reversed()
                .thenComparing(Node::instance));
        if (!order.isEmpty()) {
            now.merge(order.getFirst().instance(), -sum, Long::sum);
        }
        credit = now;
        return order;
    }
}
