package io.longline.coordinator.presence;

import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;

/**
 * A product that wants to be told.
 *
 * @param per of whom
 * @param hasCallback else its events are in its log only
 */
record Audience(String product, Callback.Per per, int debounceMs, boolean hasCallback) {

    static Audience of(Product product) {
        return new Audience(
                product.id(),
                product.presencePer(),
                product.presence().debounceMs(),
                product.callbacks().ofKind(Callback.PRESENCE).isPresent());
    }
}
