package io.longline.coordinator.group;

import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is to do with groups: make them, give uplinks, take what consumers say of them, tell how they stand, forget them. */
public final class GroupFlow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupFlow.class);
    private static final Duration CONSUMER_COUNTS = Duration.ofMinutes(1);
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    private final GroupStore store;
    private final GroupRegistry registry;
    private final Products products;
    private final GroupConfig config;
    private final GroupMetrics metrics;
    private final PullFlow pulls;

    private GroupFlow(GroupStore store, Products products, Wiring wiring) {
        this.store = store;
        this.registry = wiring.registry;
        this.products = products;
        this.config = wiring.config;
        this.metrics = wiring.metrics;
        this.pulls = new PullFlow(store, this::create, config, metrics);
    }

    /** What else there is to it. */
    public record Wiring(GroupConfig config, GroupRegistry registry, GroupMetrics metrics) {}

    /** With what is given in Redis. */
    public static GroupFlow onRedis(RedisStore redis, Products products, Wiring wiring) {
        return new GroupFlow(new RedisGroups(redis), products, wiring);
    }

    /** Tells other coordinators from now on what they wait for. */
    public void start() {
        pulls.start();
    }

    /** Something has come in. */
    public void wake(Stream stream) {
        pulls.wake(stream);
    }

    /** {@link PullFlow#pull}, by a consumer. */
    List<Pulled> pull(PullWish wish, String consumer, Deadline until, Deadline deadline) {
        Group group = wish.group();
        try {
            registry.called(group.product(), group.type(), group.name(), consumer, CONSUMER_COUNTS, deadline);
        } catch (LonglineException e) {
            log.debug("consumer not counted group={} error={}", group, e.getMessage());
        }
        return pulls.pull(wish, until, deadline);
    }

    /**
     * The registry comes first and is asked again last: who forgets the group meanwhile takes it out of the registry before anything else, so
     * none is left in some shards that the registry does not know.
     */
    private void create(Group group, Deadline deadline) {
        for (int i = 0; i < TRIES; i++) {
            switch (registry.enter(group.product(), group.type(), group.name(), deadline)) {
                case ENTERED -> {} // now the shards
                case TYPES_FULL ->
                    throw full("groups of product " + group.product() + " read " + config.types() + " types");
                case GROUPS_FULL -> throw full(config.perType() + " groups read type " + group.type());
            }
            List<Long> _ = everywhere(shard -> store.create(group, shard), deadline);
            if (registry.groups(group.product(), group.type(), deadline).contains(group.name())) {
                return;
            }
        }
        throw new LonglineException(ErrorCode.OVERLOADED, "the group is being deleted again and again")
                .retryAfter(FULL_RETRY);
    }

    private static LonglineException full(String what) {
        return new LonglineException(ErrorCode.QUEUE_FULL, what + " already, and no more may").retryAfter(FULL_RETRY);
    }

    /** Whether it was there. */
    boolean drop(Group group, Deadline deadline) {
        boolean was = registry.depart(group.product(), group.type(), group.name(), deadline);
        boolean hasCallback = mayHaveCallback(group);
        List<Boolean> shards = everywhere(shard -> store.drop(group, shard, hasCallback), deadline);
        OfType _ = standing(group.product(), group.type(), hasCallback, deadline);
        tellOfDrop(group, deadline);
        return was || shards.contains(true);
    }

    /** Told before that is answered: who pulls after it makes the group anew. */
    private void tellOfDrop(Group group, Deadline deadline) {
        pulls.wake(group.stream(0));
        try {
            Object _ = RedisStore.await(store.stir(group.product(), group.type()), deadline);
        } catch (LonglineException e) {
            log.debug("pulls elsewhere look later group={} error={}", group, e.getMessage());
        }
    }

    /** Of each whether it was still there. */
    List<Boolean> finish(Group group, List<Lease> leases, Deadline deadline) {
        boolean hasCallback = mayHaveCallback(group);
        List<Boolean> done = settle(leases, part -> store.finish(group, part, hasCallback), deadline);
        metrics.finished(count(done, true));
        return done;
    }

    /** Likewise; they are given again after that time. */
    List<Boolean> requeue(Group group, List<Lease> leases, Duration delay, Deadline deadline) {
        List<Boolean> done = settle(leases, part -> store.requeue(group, part, delay), deadline);
        metrics.requeued(count(done, true));
        leases.stream().map(Lease::shard).distinct().forEach(shard -> pulls.wake(group.stream(shard)));
        return done;
    }

    private interface OfShard {
        CompletionStage<List<Boolean>> settle(List<Lease> leases);
    }

    private List<Boolean> settle(List<Lease> leases, OfShard step, Deadline deadline) {
        Map<Integer, List<Integer>> byShard = IntStream.range(0, leases.size())
                .boxed()
                .collect(Collectors.groupingBy(i -> leases.get(i).shard()));
        Map<List<Integer>, CompletionStage<List<Boolean>>> asked = RedisStore.within(
                deadline,
                () -> byShard.values().stream()
                        .collect(Collectors.toMap(
                                at -> at,
                                at -> step.settle(at.stream().map(leases::get).toList()))));
        Boolean[] done = new Boolean[leases.size()];
        asked.forEach((at, stage) -> {
            List<Boolean> answers = RedisStore.await(stage, deadline);
            for (int i = 0; i < at.size(); i++) {
                done[at.get(i)] = answers.get(i);
            }
        });
        List<Boolean> all = List.of(done);
        metrics.gone(count(all, false));
        return all;
    }

    private static int count(List<Boolean> done, boolean wanted) {
        return (int) done.stream().filter(each -> each == wanted).count();
    }

    /** Of a product that is not known here it is not known, and then what it would be told stays. */
    private boolean mayHaveCallback(Group group) {
        return products.find(group.product())
                .map(product -> product.callbacks()
                        .ofKind(Callback.UPLINK + group.type())
                        .isPresent())
                .orElse(true);
    }

    /**
     * Types and who takes them, by name.
     *
     * @param more there are some behind these
     */
    record Page(List<OfType> types, boolean more) {}

    /** @param consumers of each group, by its name */
    record OfType(String type, boolean hasCallback, Standing standing, Map<String, Integer> consumers) {}

    /** @param after a type */
    Page list(String product, String after, int most, Deadline deadline) {
        Set<String> callbacks = products.find(product).stream()
                .flatMap(known -> known.callbacks().targets().stream())
                .map(Callback::kind)
                .filter(kind -> kind.startsWith(Callback.UPLINK))
                .map(kind -> kind.substring(Callback.UPLINK.length()))
                .collect(Collectors.toSet());
        Set<String> types = new TreeSet<>(callbacks);
        types.addAll(registry.types(product, deadline));
        types.removeIf(type -> type.compareTo(after) <= 0);
        List<OfType> page = types.stream()
                .limit(most)
                .map(type -> standing(product, type, callbacks.contains(type), deadline))
                .toList();
        return new Page(page, types.size() > most);
    }

    /** A type of which nothing is left makes room for another one. */
    private OfType standing(String product, String type, boolean hasCallback, Deadline deadline) {
        List<Standing> shards = everywhere(shard -> store.standing(Group.stream(shard, product, type)), deadline);
        Standing whole = shards.stream().reduce(Standing.NOTHING, Standing::plus);
        Map<String, Standing.OfGroup> groups = new TreeMap<>(whole.groups());
        Set<String> known = registry.groups(product, type, deadline);
        if (whole.waiting() == 0 && known.isEmpty()) {
            registry.release(product, type, deadline);
        }
        known.forEach(name -> groups.putIfAbsent(name, new Standing.OfGroup(0, 0, 0)));
        return new OfType(
                type,
                hasCallback,
                new Standing(whole.waiting(), whole.oldestSeq(), groups),
                registry.consumers(product, type, groups.keySet(), CONSUMER_COUNTS, deadline));
    }

    /** Fails where one does. */
    private static <T> List<T> everywhere(IntFunction<CompletionStage<T>> step, Deadline deadline) {
        List<CompletionStage<T>> asked = RedisStore.within(
                deadline, () -> IntStream.range(0, Shards.COUNT).mapToObj(step).toList());
        List<T> answers = new ArrayList<>();
        asked.forEach(stage -> answers.add(RedisStore.await(stage, deadline)));
        return answers;
    }

    @Override
    public void close() {
        pulls.close();
    }
}
