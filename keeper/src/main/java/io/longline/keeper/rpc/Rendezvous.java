package io.longline.keeper.rpc;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who of some members a key belongs to: when one comes or goes, only its own keys move. */
public final class Rendezvous {
    private Rendezvous() {}

    /** The instance that {@link Peers#byKey} gives where all members answer; empty where none is ready. One that cannot be called, as of an earlier release, has none. */
    public static Optional<String> owner(long key, List<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.state() == NodeState.READY && Peer.reachable(node))
                .map(Node::instance)
                .max(Comparator.comparingLong(instance -> score(key, instance)));
    }

    /** Spreads keys evenly: the finisher of SplitMix64 over key and instance. */
    static long score(long key, String instance) {
        long z = key * 0x9E3779B97F4A7C15L + instance.hashCode();
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
