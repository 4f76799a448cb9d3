package io.longline.keeper.redis;

import io.lettuce.core.RedisURI;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.follow.Followed;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present {@link RedisMap}, and those who wait for another. A thread of its own looks who serves what: at once when a
 * link dropped or was made or a node refused a call, and now and then. Attempts to connect never hold it up.
 */
final class RedisLinks implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLinks.class);
    /** Between two looks when all is well: slots may move, and a drop may not have been told. */
    private static final Duration WELL = Duration.ofSeconds(1);
    /** And when some keys are not served. */
    private static final Duration ILL = Duration.ofMillis(50);
    /** Between any two. */
    private static final Duration LEAST = Duration.ofMillis(5);
    /** How long a look waits for nodes to tell their view. */
    private static final Duration VIEW = Duration.ofMillis(300);
    /** Of several addresses an earlier one is waited for so much of the timeout. */
    private static final int IN_ORDER_SHARE = 10;

    private final RedisConfig config;
    private final RedisConnector connector;
    private final RedisMetrics metrics;
    private final RedisWaitQueue queue;
    private final List<RedisNode> seeds;
    /** By address; the seeds are among them. Changed by the thread that looks. */
    private final Map<String, RedisNode> nodes = new ConcurrentHashMap<>();
    /** Of each map that serves something anew; version 0 is none. */
    private final Followed<Set<String>> runIds = new Followed<>("redis", Set.of());

    private final CompletableFuture<Void> wholeOnce = new CompletableFuture<>();
    private final Thread looking = Thread.ofVirtual().name("redis-looking").unstarted(this::keepLooking);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock, as are the three below and changes of the map. */
    private boolean closed;

    private boolean lookAgain;
    private CompletableFuture<Void> nextLook = new CompletableFuture<>();

    private volatile RedisMap map = RedisMap.EMPTY;

    RedisLinks(RedisConfig config, RedisMetrics metrics) {
        this.config = config;
        this.connector = new RedisConnector(config, this::lookAgain);
        this.metrics = metrics;
        this.queue = new RedisWaitQueue(config.timeout(), metrics);
        this.seeds = config.uris().stream().map(this::node).toList();
    }

    void start() {
        looking.start();
        try {
            wholeOnce.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.warn("Redis is away, starting without it {}", map);
        } catch (ExecutionException e) {
            log.debug("closed while it started");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Duration timeout() {
        return config.timeout();
    }

    Timer timer() {
        return connector.timer();
    }

    int waiting() {
        return queue.depth();
    }

    /** Whether every key is served. */
    boolean connected() {
        return map.whole();
    }

    /** To every node that serves something. */
    List<RedisLink> open() {
        return map.open();
    }

    /** The link that serves this key. */
    @Nullable
    RedisLink open(String key) {
        return map.at(key);
    }

    /** The link at once, or as soon as there is one, or {@link ErrorCode#DEPENDENCY_DOWN} after the timeout. */
    CompletableFuture<RedisLink> present(String key) {
        RedisLink open = open(key);
        if (open != null) {
            return CompletableFuture.completedFuture(open);
        }
        lock.lock();
        try {
            open = open(key);
            if (open != null) {
                return CompletableFuture.completedFuture(open);
            }
            return closed ? CompletableFuture.failedFuture(RedisErrors.away()) : queue.join(key);
        } finally {
            lock.unlock();
        }
    }

    /** A node refused a call. Ends, soon and always, when it is worth asking who serves the key now. */
    CompletableFuture<Void> renewed(RedisLink link, RedisErrors.Refusal refusal) {
        if (refusal == RedisErrors.Refusal.NOT_SENT) {
            return CompletableFuture.completedFuture(
                    null); // its link is closed, so that the call will wait for another
        }
        if (refusal == RedisErrors.Refusal.DEMOTED) {
            link.leave();
        }
        lock.lock();
        try {
            lookAgain();
            return nextLook;
        } finally {
            lock.unlock();
        }
    }

    void follow(Consumer<Set<String>> listener) {
        AutoCloseable _ = runIds.follow(0, listener);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            nextLook.complete(null);
        } finally {
            lock.unlock();
        }
        runIds.close();
        looking.interrupt();
        wholeOnce.completeExceptionally(RedisErrors.away());
        queue.fail(RedisErrors.away());
        nodes.values().forEach(RedisNode::close);
        connector.close();
    }

    private RedisNode node(RedisURI uri) {
        return nodes.computeIfAbsent(
                RedisNode.address(uri), added -> new RedisNode(uri, this::connect, this::lookAgain));
    }

    private RedisLink connect(RedisURI uri) {
        RedisLink made = connector.connect(uri);
        metrics.connected();
        return made;
    }

    /** A node of the cluster that the seeds belong to; user, password and TLS are theirs. */
    private RedisNode node(String address) {
        int colon = address.lastIndexOf(':');
        return node(RedisURI.builder(config.uris().getFirst())
                .withHost(address.substring(0, colon))
                .withPort(Integer.parseInt(address.substring(colon + 1)))
                .build());
    }

    private void lookAgain() {
        lock.lock();
        try {
            lookAgain = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keepLooking() {
        try {
            while (true) {
                CompletableFuture<Void> thisLook = beginLook();
                try {
                    look();
                } catch (RuntimeException e) {
                    log.error("looking for Redis failed, it is done again", e);
                } finally {
                    // Not here: those who hang on it are many, and send their commands.
                    thisLook.completeAsync(() -> null, Thread::startVirtualThread);
                }
                TimeUnit.NANOSECONDS.sleep(LEAST.toNanos());
                awaitChange(map.whole() ? WELL : ILL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer looking for Redis");
        }
    }

    private CompletableFuture<Void> beginLook() throws InterruptedException {
        lock.lock();
        try {
            if (closed) {
                throw new InterruptedException();
            }
            lookAgain = false;
            CompletableFuture<Void> thisLook = nextLook;
            nextLook = new CompletableFuture<>();
            return thisLook;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (!lookAgain && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void look() throws InterruptedException {
        List<RedisLink> open = new ArrayList<>();
        for (RedisNode node : nodes.values()) {
            RedisLink link = node.open();
            if (link != null) {
                open.add(link);
            }
        }
        if (open.stream().anyMatch(link -> link.facts().cluster())) {
            lookAtCluster(open);
        } else if (map.only() == null) {
            nodes.values().forEach(RedisNode::dial);
            chooseMaster();
        }
    }

    /** Of one Redis and those that may take its place, the first in order, unless another has taken it. */
    private void chooseMaster() throws InterruptedException {
        Duration inOrder = config.timeout().dividedBy(IN_ORDER_SHARE);
        if (seeds.stream().anyMatch(seed -> seed.mayAnswerWithin(inOrder))) {
            return;
        }
        List<RedisLink> masters = new ArrayList<>();
        for (RedisNode seed : seeds) {
            RedisLink link = seed.open();
            if (link != null && !link.facts().cluster()) {
                masters.add(link);
            }
        }
        if (masters.isEmpty()) {
            return;
        }
        RedisLink first = masters.getFirst();
        RedisLink chosen = masters.stream()
                .filter(other -> other.facts().succeeded(first.facts()))
                .findFirst()
                .orElse(first);
        seeds.stream().filter(seed -> seed.open() != chosen).forEach(RedisNode::hangUp);
        publish(RedisMap.of(chosen));
    }

    private void lookAtCluster(List<RedisLink> asked) throws InterruptedException {
        List<RedisTopology.View> views = views(asked);
        if (views.isEmpty()) {
            nodes.values().forEach(RedisNode::dial);
            return;
        }
        RedisTopology topology = RedisTopology.of(views);
        Set<String> owners = topology.owners();
        owners.forEach(owner -> node(owner).dial());
        Map<String, RedisLink> open = new HashMap<>();
        for (String owner : owners) {
            RedisLink link = node(owner).open();
            if (link != null) {
                open.put(owner, link);
            }
        }
        publish(RedisMap.of(topology, open));
        if (map.whole()) {
            nodes.values().stream()
                    .filter(node -> !owners.contains(node.address()))
                    .forEach(RedisNode::hangUp);
        }
        nodes.values().removeIf(node -> !owners.contains(node.address()) && !seeds.contains(node) && node.hungUp());
    }

    /** Of those that answer soon. */
    private static List<RedisTopology.View> views(List<RedisLink> open) throws InterruptedException {
        long until = System.nanoTime() + VIEW.toNanos();
        Map<RedisLink, CompletableFuture<String>> asked = new HashMap<>();
        open.forEach(link -> asked.put(link, link.view()));
        List<RedisTopology.View> views = new ArrayList<>();
        for (Map.Entry<RedisLink, CompletableFuture<String>> each : asked.entrySet()) {
            try {
                String nodes = each.getValue().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                views.add(new RedisTopology.View(each.getKey().host(), nodes));
            } catch (ExecutionException | TimeoutException e) {
                log.debug(
                        "a node does not tell its view address={}",
                        each.getKey().host(),
                        e);
            }
        }
        return views;
    }

    private void publish(RedisMap seen) throws InterruptedException {
        RedisMap before = map;
        lock.lock();
        try {
            if (closed) {
                throw new InterruptedException();
            }
            map = seen;
        } finally {
            lock.unlock();
        }
        if (seen.bringsTo(before)) {
            log.info("connected to Redis {} waiting={}", seen, queue.depth());
            queue.release(seen);
            runIds.set(seen.runIds());
        }
        if (seen.whole()) {
            wholeOnce.complete(null);
        }
    }
}
