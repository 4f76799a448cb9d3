package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** {@code random}: another order for each question, in which each room is first as often as its weight says. */
final class RandomOrder implements Balancer {

    @Override
    public List<Node> order(List<Node> rooms, String product, String user) {
        return Ring.order(rooms, ThreadLocalRandom.current().nextLong());
    }
}
