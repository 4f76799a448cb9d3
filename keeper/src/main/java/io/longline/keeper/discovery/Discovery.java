package io.longline.keeper.discovery;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.function.Consumer;

/** The members of each service, as they announced themselves. While ZooKeeper is away, those last known. */
public interface Discovery {

    /**
     * The present members, by instance name. A memory access but for the first request for a service, which waits until
     * ZooKeeper was read (at most the session timeout).
     */
    List<Node> nodes(String service);

    /**
     * Calls the listener with the present members before it returns, and with the new ones after each change, in order
     * and never two at a time, on a thread of this watch's own. Changes that come while the listener runs are told
     * together, the last state never gets lost. It runs until closed.
     */
    AutoCloseable watch(String service, Consumer<List<Node>> listener);

    /**
     * Whether the members of every service asked for were read over the connection that lives now. False: someone may
     * be gone or new without showing.
     */
    boolean connected();

    /**
     * The members as ZooKeeper has them at this moment, past everything remembered; {@link ErrorCode#DEPENDENCY_DOWN} of
     * {@code zookeeper} when it cannot be asked. For who must be certain that a member is gone: a connection may be dead
     * for seconds before {@link #connected} turns false.
     */
    default List<Node> readNow(String service) {
        if (!connected()) {
            throw LonglineException.dependencyDown("zookeeper", "not connected to ZooKeeper", null);
        }
        return nodes(service);
    }
}
