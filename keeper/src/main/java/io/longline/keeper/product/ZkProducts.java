package io.longline.keeper.product;

import io.longline.keeper.discovery.ZkFolder;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * {@link Products} as nodes {@code /longline/<cluster>/products/<id>} in ZooKeeper, watched. While ZooKeeper is away the
 * last known ones stay; one that cannot be read keeps its last good state.
 */
public final class ZkProducts implements Products, AutoCloseable {

    private static final String FOLDER = "/products";

    private final ZkSession session;
    private final ZkFolder<Product> folder;

    public ZkProducts(ZkSession session) {
        this.session = session;
        this.folder = new ZkFolder<>(session, FOLDER, ZkProducts::parse);
    }

    /** Waits for the first reading, at most the session timeout. */
    public void start() {
        folder.start();
    }

    @Override
    public Optional<Product> find(String id) {
        return Optional.ofNullable(folder.entries().get(id));
    }

    @Override
    public List<Product> all() {
        return List.copyOf(folder.entries().values());
    }

    @Override
    public boolean areFresh() {
        return folder.fresh();
    }

    /** Returns when {@link #find} here sees it. {@link ErrorCode#ALREADY_EXISTS} where there is one of that id. */
    public void create(Product product) {
        try {
            session.create(FOLDER + "/" + product.id(), product.toJson());
        } catch (LonglineException e) {
            throw e.code() == ErrorCode.ALREADY_EXISTS
                    ? new LonglineException(ErrorCode.ALREADY_EXISTS, "product " + product.id() + " exists already", e)
                    : e;
        }
        folder.awaitEntry(product.id(), product);
    }

    /**
     * Replaces one by what is made of it, also where somebody else changes it at the same time, and returns when {@link #find} here sees
     * it. {@link ErrorCode#NOT_FOUND} where there is none of that id.
     */
    public Product change(String id, UnaryOperator<Product> change) {
        AtomicReference<Product> changed = new AtomicReference<>();
        session.update(FOLDER + "/" + id, json -> {
            if (json.length == 0) {
                throw new LonglineException(ErrorCode.NOT_FOUND, "there is no product " + id);
            }
            Product product = change.apply(parse(id, json));
            changed.set(product);
            return product.toJson();
        });
        Product product = Objects.requireNonNull(changed.get());
        folder.awaitEntry(id, product);
        return product;
    }

    /** Makes it or replaces the one of that id, and returns when {@link #find} here sees it. */
    public void put(Product product) {
        session.write(FOLDER + "/" + product.id(), product.toJson());
        folder.awaitEntry(product.id(), product);
    }

    @Override
    public void close() {
        folder.close();
    }

    private static Product parse(String id, byte[] json) {
        Product product = Product.fromJson(json);
        if (!product.id().equals(id)) {
            throw LonglineException.invalid("id", "is " + product.id() + " in the node of " + id);
        }
        return product;
    }
}
