package io.longline.room.topic;

import io.longline.keeper.product.Products;

/** For how long what is due to sessions is collected, as their product has it this moment. Pure, and quick enough for a loop. */
public final class MergePolicy {
    private final Products products;

    public MergePolicy(Products products) {
        this.products = products;
    }

    /** In milliseconds; 0: not at all. */
    int windowMs(Followers of) {
        return products.find(of.product())
                .map(product -> product.merge().of(of.topic()))
                .orElse(0);
    }
}
