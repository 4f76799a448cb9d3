package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * {@code consistent-hash}: weighted rendezvous. Every room draws a score from the user's and its own name; the highest is the user's
 * room. A room that joins takes its share of users from all others, one that leaves gives its users to all others, and nobody else
 * moves; users are spread by weight.
 */
public final class Ring implements Balancer {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final double UNIT = 0x1.0p-53;

    @Override
    public List<Node> order(List<Node> rooms, String product, String user) {
        return order(rooms, hash(product + '/' + user));
    }

    static List<Node> order(List<Node> rooms, long key) {
        return rooms.stream()
                .map(room -> new Scored(room, score(key, room)))
                .sorted(Comparator.comparingDouble(Scored::score)
                        .reversed()
                        .thenComparing(scored -> scored.room().instance()))
                .map(Scored::room)
                .toList();
    }

    private record Scored(Node room, double score) {}

    /** -weight / ln(u) with u uniform in (0, 1): the share of users for whom a room scores highest is its share of the weights. */
    private static double score(long key, Node room) {
        long mixed = mix(key ^ hash(room.instance()));
        double uniform = ((mixed >>> 11) + 0.5) * UNIT;
        return -Math.max(1, room.weight()) / Math.log(uniform);
    }

    /** FNV-1a. */
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
    private static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
