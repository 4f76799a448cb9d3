package io.longline.center.page;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list that lies in all shards.
 *
 * @param next where the next page begins; empty: that was all
 */
public record ShardPage<T>(List<T> items, Optional<ShardPlace> next) {

    public ShardPage {
        items = List.copyOf(items);
    }
}
