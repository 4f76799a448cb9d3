package io.longline.stores;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis Cluster of real processes: three masters, each with a replica or without. A node that is silent for 4 s counts
 * as gone, and its replica takes its place. The slots of a lost node alone are out of service.
 */
public final class EmbeddedRedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes",
        "--cluster-node-timeout", "4000",
        "--cluster-require-full-coverage", "no",
        // A replica may take over however long it has heard nothing.
        "--cluster-replica-validity-factor", "0",
        "--repl-diskless-sync", "yes",
        "--repl-diskless-sync-delay", "0"
    };

    /** The masters as the cluster was made, then the replica of each in the same order. */
    private final List<EmbeddedRedis> nodes;

    private EmbeddedRedisCluster(int size) {
        nodes = Stream.generate(() -> EmbeddedRedis.temporary(OPTIONS))
                .limit(size)
                .toList();
    }

    public static EmbeddedRedisCluster withoutReplicas() {
        return new EmbeddedRedisCluster(MASTERS);
    }

    public static EmbeddedRedisCluster withReplicas() {
        return new EmbeddedRedisCluster(2 * MASTERS);
    }

    /** Returns when every node serves and every replica is in step; takes about 3 s. */
    public EmbeddedRedisCluster start() {
        nodes.forEach(EmbeddedRedis::start);
        for (int i = 0; i < MASTERS; i++) {
            nodes.get(i).tell("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            nodes.get(i).tell(addSlots(i));
        }
        for (EmbeddedRedis node : nodes) {
            for (EmbeddedRedis other : nodes) {
                node.tell("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
            }
        }
        awaitAll("all nodes know each other", node -> knows(node) == nodes.size());
        for (int i = MASTERS; i < nodes.size(); i++) {
            nodes.get(i).tell("CLUSTER", "REPLICATE", id(nodes.get(i - MASTERS)));
        }
        awaitAll("the cluster is whole", EmbeddedRedisCluster::isWell);
        for (int i = MASTERS; i < nodes.size(); i++) {
            nodes.get(i).awaitInStep(nodes.get(i - MASTERS));
        }
        return this;
    }

    private static String[] addSlots(int master) {
        Stream<String> slots = IntStream.range(SLOTS * master / MASTERS, SLOTS * (master + 1) / MASTERS)
                .mapToObj(Integer::toString);
        return Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new);
    }

    private void awaitAll(String what, Predicate<EmbeddedRedis> isSo) {
        nodes.forEach(node -> Waiting.until(what, () -> isSo.test(node)));
    }

    /** Those whose handshake is not over do not count. */
    private static long knows(EmbeddedRedis node) {
        return node.tell("CLUSTER", "NODES")
                .lines()
                .filter(line -> !line.contains("handshake"))
                .count();
    }

    private static boolean isWell(EmbeddedRedis node) {
        String state = node.tell("CLUSTER", "INFO");
        return state.contains("cluster_state:ok") && state.contains("cluster_slots_ok:" + SLOTS);
    }

    private static String id(EmbeddedRedis node) {
        return node.tell("CLUSTER", "MYID");
    }

    /** The masters as the cluster was made. */
    public List<EmbeddedRedis> masters() {
        return nodes.subList(0, MASTERS);
    }

    /** As the cluster was made. */
    public EmbeddedRedis replicaOf(EmbeddedRedis master) {
        return nodes.get(nodes.indexOf(master) + MASTERS);
    }

    /** The node that serves the slot of this key now; its process must run, as must those of the others that were not killed. */
    public EmbeddedRedis owner(String key) {
        int slot = slot(key);
        return nodes.stream()
                .filter(EmbeddedRedis::isRunning)
                .filter(node -> serves(node, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody serves slot " + slot));
    }

    /** Which of the 16,384 slots a key is in. */
    public int slot(String key) {
        EmbeddedRedis any =
                nodes.stream().filter(EmbeddedRedis::isRunning).findFirst().orElseThrow();
        return Integer.parseInt(any.tell("CLUSTER", "KEYSLOT", key));
    }

    /** As the node itself sees it. */
    private static boolean serves(EmbeddedRedis node, int slot) {
        String mine = node.tell("CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains("myself,master"))
                .findFirst()
                .orElse("");
        return Arrays.stream(mine.split(" ", -1))
                .skip(8) // id, address, flags, master, two times, epoch, link; then ranges
                .filter(range -> !range.startsWith("["))
                .map(range -> range.split("-", -1))
                .anyMatch(ends -> Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]));
    }

    /** From now on the replica of this master has nothing of what the master writes. */
    public void lag(EmbeddedRedis master) {
        replicaOf(master).lagBehind(master);
    }

    /** Kills the master and returns when its replica, going on if it lagged, was voted into its place and all others know. */
    public void failOver(EmbeddedRedis master) {
        EmbeddedRedis successor = replicaOf(master);
        master.kill();
        successor.resume();
        Waiting.until("the replica is the master", () -> successor.info("role").equals("master"));
        nodes.stream()
                .filter(EmbeddedRedis::isRunning)
                .forEach(node -> Waiting.until("the cluster is whole again", () -> isWell(node)));
    }

    /** Moves a slot with all its keys, as an operator does who takes a node in; the run of the node that had it goes on. */
    public void moveSlot(String key, EmbeddedRedis to) {
        String slot = Integer.toString(slot(key));
        EmbeddedRedis from = owner(key);
        to.tell("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.tell("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
        for (List<String> keys = keysIn(from, slot); !keys.isEmpty(); keys = keysIn(from, slot)) {
            List<String> migrate = new ArrayList<>(
                    List.of("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", "5000", "KEYS"));
            migrate.addAll(keys);
            from.tell(migrate.toArray(String[]::new));
        }
        for (EmbeddedRedis node : List.of(to, from)) {
            node.tell("CLUSTER", "SETSLOT", slot, "NODE", id(to));
        }
    }

    private static List<String> keysIn(EmbeddedRedis node, String slot) {
        return node.tell("CLUSTER", "GETKEYSINSLOT", slot, "100").lines().toList();
    }

    /** All nodes, separated by commas. */
    public String uris() {
        return nodes.stream().map(node -> node.uri().toString()).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        nodes.forEach(EmbeddedRedis::close);
    }
}
