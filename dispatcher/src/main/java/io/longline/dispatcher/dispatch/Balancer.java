package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import java.util.List;

/** The order in which a user is to try the rooms. */
public interface Balancer {

    /** All of them, the first choice first. */
    List<Node> order(List<Node> rooms, String product, String user);
}
