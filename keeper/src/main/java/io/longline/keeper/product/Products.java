package io.longline.keeper.product;

import java.util.List;
import java.util.Optional;

/** The products of this cluster. A look-up is a memory access; it sees changes within moments. */
public interface Products {

    Optional<Product> find(String id);

    /** By id. */
    List<Product> all();

    /** Whether they are what they are now: false while they are only what was known last. */
    default boolean areFresh() {
        return true;
    }
}
