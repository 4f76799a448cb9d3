package io.longline.saver.testing;

import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.MessageEventsConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** {@code told} is told of the ends of its messages, three of an endpoint may wait; {@code demo} is not. */
public final class ToldProducts implements Products {
    public static final String TOLD = "told";
    public static final int MOST = 3;

    private static final Product DEMO = Product.create("demo", Durability.MYSQL);
    private static final Product THE_TOLD = Product.create(TOLD, Durability.REDIS)
            .with(
                    "callbacks",
                    new Callbacks(
                            List.of(new Callback(
                                    Callback.MESSAGE, "https://example.com/hook", "secret-of-the-hook", 4, 1_000)),
                            List.of()));

    private final boolean isAnyTold;
    private final AtomicLong unheard = new AtomicLong();

    private ToldProducts(boolean isAnyTold) {
        this.isAnyTold = isAnyTold;
    }

    public ToldProducts() {
        this(true);
    }

    /** No product is told of anything. */
    public static MessageEvents nobody() {
        return new ToldProducts(false).events();
    }

    public MessageEvents events() {
        return new MessageEvents(this, new MessageEventsConfig(MOST, 1_000), unheard::addAndGet);
    }

    /** Events that found no room, since the last call. */
    public long takeUnheard() {
        return unheard.getAndSet(0);
    }

    @Override
    public Optional<Product> find(String id) {
        return all().stream().filter(product -> product.id().equals(id)).findFirst();
    }

    @Override
    public List<Product> all() {
        return isAnyTold ? List.of(DEMO, THE_TOLD) : List.of(DEMO);
    }
}
