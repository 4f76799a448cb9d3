package io.longline.saver.endpoint;

import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Products;
import java.util.function.LongConsumer;

/**
 * Which products are told of the ends of their messages: those with a callback for that. Scripts that bring copies to their end tell of it
 * themselves ({@code tell.lua}), so that each end is told once; they are given {@link #of}. A product that is not told costs them a look at that.
 */
public final class MessageEvents {
    private static final byte[] NOBODY = {};

    private final Products products;
    private final byte[] limits;
    private final LongConsumer unheard;

    /**
     * Creates it.
     *
     * @param unheard is told how many events found no room; called from threads of the store, must not block
     */
    public MessageEvents(Products products, MessageEventsConfig config, LongConsumer unheard) {
        this.products = products;
        this.limits = RedisReply.bytes(config.perEndpoint() + "/" + config.perShard());
        this.unheard = unheard;
    }

    /** What scripts are given: the limits of what may wait, or nothing where nobody is told. */
    public byte[] of(String product) {
        return isTold(product) ? limits : NOBODY;
    }

    public boolean isTold(String product) {
        return products.find(product)
                .filter(found -> found.callbacks().ofKind(Callback.MESSAGE).isPresent())
                .isPresent();
    }

    /** Whether it surely is not: one that is unknown may only not be read yet. */
    public boolean isUnwanted(String product) {
        return products.areFresh() && products.find(product).isPresent() && !isTold(product);
    }

    /** Whether any product is. */
    public boolean isAnyTold() {
        return products.all().stream()
                .anyMatch(
                        product -> product.callbacks().ofKind(Callback.MESSAGE).isPresent());
    }

    /** So many events found no room. */
    public void unheard(long events) {
        if (events > 0) {
            unheard.accept(events);
        }
    }
}
