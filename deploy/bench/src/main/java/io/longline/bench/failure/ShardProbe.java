package io.longline.bench.failure;

import io.longline.deploy.cluster.DemoProduct;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Asks for one user of each shard again and again, until each was answered as it should be. */
final class ShardProbe {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Map<Integer, String> users = new LinkedHashMap<>();
    private final Function<String, CompletableFuture<Boolean>> ask;

    /**
     * Chooses a user for each shard that has one.
     *
     * @param ask true: this user is as before
     */
    ShardProbe(int count, IntFunction<String> name, Function<String, CompletableFuture<Boolean>> ask) {
        this.ask = ask;
        for (int i = 0; i < count && users.size() < Shards.COUNT; i++) {
            users.putIfAbsent(Shards.of(DemoProduct.ID, name.apply(i)), name.apply(i));
        }
    }

    /** One time for each shard, from {@code begun} on; fewer where the patience ends. */
    List<Duration> await(long begun, Duration patience) {
        List<Duration> times = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String user : users.values()) {
                all.execute(() -> {
                    if (isThereAfterAll(user, begun + patience.toNanos())) {
                        times.add(Duration.ofNanos(System.nanoTime() - begun));
                    }
                });
            }
        }
        return List.copyOf(times);
    }

    private boolean isThereAfterAll(String user, long until) {
        boolean there = isThere(user);
        while (!there && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
            there = isThere(user);
        }
        return there;
    }

    private boolean isThere(String user) {
        try {
            return ask.apply(user).join();
        } catch (CompletionException e) {
            return false; // the shard is being rebuilt
        }
    }

    int shards() {
        return users.size();
    }
}
