package io.longline.coordinator.callback;

import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** The gates of all callbacks, as the products have them now. A callback that was changed gets a new one; of one that was removed it is closed when the next is made. */
public final class Gates implements AutoCloseable {
    private final Products products;
    private final DnsResolver names;
    private final InstantSource clock;
    private final Places places;
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(String product, Callback callback, List<String> networks, Gate gate) {}

    public Gates(Products products, Places places) {
        this(products, SystemDefaultDnsResolver.INSTANCE, InstantSource.system(), places);
    }

    Gates(Products products, DnsResolver names, InstantSource clock, Places places) {
        this.products = products;
        this.names = names;
        this.clock = clock;
        this.places = places;
    }

    /** Where events of a kind go; empty: nowhere. */
    public Optional<Gate> of(String product, String kind) {
        Optional<Product> known = products.find(product);
        Optional<Callback> callback = known.flatMap(p -> p.callbacks().ofKind(kind));
        return callback.map(
                target -> gate(product, target, known.orElseThrow().callbacks().networks()));
    }

    /** Whether it is known that the product has no callback for a kind; of a product that is not known here nothing is. */
    public boolean isWithout(String product, String kind) {
        return products.areFresh()
                && products.find(product)
                        .filter(known -> known.callbacks().ofKind(kind).isEmpty())
                        .isPresent();
    }

    private synchronized Gate gate(String product, Callback callback, List<String> networks) {
        String name = product + "/" + callback.kind();
        Entry present = entries.get(name);
        if (present != null && present.callback.equals(callback) && present.networks.equals(networks)) {
            return present.gate;
        }
        if (present != null) {
            present.gate.close();
        }
        forgetRemoved();
        DnsResolver inTime = new BoundedNames(names, Duration.ofMillis(callback.timeoutMs()));
        DnsResolver addresses = new CheckedAddresses(CheckedAddresses.networks(networks), inTime);
        Gate gate = new Gate(name, callback, addresses, clock, places);
        entries.put(name, new Entry(product, callback, networks, gate));
        return gate;
    }

    /** Those of callbacks that their products have no more. */
    private void forgetRemoved() {
        entries.values().removeIf(entry -> {
            boolean removed = products.find(entry.product)
                    .flatMap(product -> product.callbacks().ofKind(entry.callback.kind()))
                    .isEmpty();
            if (removed) {
                entry.gate.close();
            }
            return removed;
        });
    }

    /** How many there are. */
    synchronized int size() {
        return entries.size();
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(entry -> entry.gate.close());
    }
}
