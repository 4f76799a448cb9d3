package io.longline.saver.endpoint;

import io.longline.keeper.product.Durability;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;

/**
 * What a product wants of its inboxes. A product this process has not heard of yet, because another one saw it made a
 * moment ago, is treated with the greatest care.
 */
public final class ProductPolicy {
    private static final int INBOX_LIMIT = 10_000;

    private final Products products;

    public ProductPolicy(Products products) {
        this.products = products;
    }

    public Durability durability(Endpoint endpoint) {
        return durability(endpoint.product());
    }

    public Durability durability(String product) {
        return products.find(product).map(Product::durability).orElse(Durability.MYSQL);
    }

    /** How many messages may wait in one inbox. */
    public int inboxLimit(Endpoint endpoint) {
        return products.find(endpoint.product()).map(Product::inboxLimit).orElse(INBOX_LIMIT);
    }

    /** How much the logs of its topics hold. */
    public LogLimits topicLog(String product) {
        return products.find(product).map(Product::topicLog).orElse(LogLimits.NONE);
    }
}
