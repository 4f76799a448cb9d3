package io.longline.center.page;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.shard.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads a list that lies in all shards: in the order of shards, and within one of names.
 *
 * @param <T> an item of the list
 */
public final class ShardPages<T> {
    /** So that a page of a small product needs few turns, and of a big one few answers are thrown away. */
    private static final int SHARDS_AT_ONCE = 16;

    private final String service;
    private final Function<T, String> name;

    /**
     * Creates one.
     *
     * @param service that is asked, and named where it does not answer
     * @param name of an item, by which a shard's are ordered
     */
    public ShardPages(String service, Function<T, String> name) {
        this.service = service;
        this.name = name;
    }

    /**
     * Asks one shard.
     *
     * @param <T> an item
     */
    @FunctionalInterface
    public interface Shard<T> {
        /** At most so many items whose names come after this one; "": from the first on. */
        CompletableFuture<List<T>> ask(int shard, String after, int limit);
    }

    /** DEPENDENCY_DOWN of the service where a shard that is needed does not answer. */
    public ShardPage<T> read(ShardPlace from, int limit, Shard<T> shards) {
        List<T> items = new ArrayList<>();
        for (int first = from.shard(); first < Shards.COUNT; first += SHARDS_AT_ONCE) {
            int last = Math.min(Shards.COUNT, first + SHARDS_AT_ONCE);
            List<CompletableFuture<List<T>>> asked = IntStream.range(first, last)
                    .mapToObj(shard -> shards.ask(shard, shard == from.shard() ? from.after() : "", limit + 1))
                    .toList();
            for (int shard = first; shard < last; shard++) {
                String after = shard == from.shard() ? from.after() : "";
                for (T item : Unanswered.join(service, asked.get(shard - first))) {
                    if (items.size() == limit) {
                        return new ShardPage<>(items, Optional.of(new ShardPlace(shard, after)));
                    }
                    items.add(item);
                    after = name.apply(item);
                }
            }
        }
        return new ShardPage<>(items, Optional.empty());
    }
}
