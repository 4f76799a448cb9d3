package io.longline.center.place;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.endpoint.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What register told last about places and devices. It may be wrong at any time: a place is a place to try, and the room that is found
 * there knows whether the session still is.
 */
public final class PlaceCache {
    /** Of one user; who has more is not worth the memory. */
    private static final int MOST_DEVICES = 64;

    private final Recent<Endpoint, Route> places;
    private final Recent<User, List<KnownDevice>> devices;
    private final Silence silence;
    private final LongSupplier nanos;

    public PlaceCache(PlaceConfig config) {
        this(config, System::nanoTime);
    }

    PlaceCache(PlaceConfig config, LongSupplier nanos) {
        this.places = new Recent<>(config.most(), config.life().toNanos());
        this.devices = new Recent<>(config.most(), config.life().toNanos());
        this.silence = new Silence(nanos);
        this.nanos = nanos;
    }

    private record User(String product, String user) {}

    public Silence silence() {
        return silence;
    }

    /** Register, or the room itself, said that it is there. An older generation takes nothing from a newer one. */
    public void seen(Endpoint endpoint, Route route) {
        places.put(
                endpoint,
                route,
                nanos.getAsLong(),
                (known, told) -> told.generation() < known.generation() ? known : told);
    }

    /** Register said that nobody is there. */
    public void offline(Endpoint endpoint) {
        places.removeIf(endpoint, route -> true);
    }

    /** The room said that this session is not there. */
    public void stale(Endpoint endpoint, Route tried) {
        places.removeIf(endpoint, route -> route.generation() <= tried.generation());
    }

    public Optional<Route> find(Endpoint endpoint) {
        return places.find(endpoint, nanos.getAsLong());
    }

    /** All devices of a user, as register gave them. */
    public void known(String product, String user, List<KnownDevice> all) {
        User key = new User(product, user);
        if (all.isEmpty() || all.size() > MOST_DEVICES) {
            devices.removeIf(key, known -> true);
        } else {
            devices.put(key, all, nanos.getAsLong(), (known, told) -> told);
        }
    }

    /** In the order in which register gave them. */
    public Optional<List<KnownDevice>> devices(String product, String user) {
        return devices.find(new User(product, user), nanos.getAsLong());
    }

    /** Of places and users together. */
    public int size() {
        return places.size() + devices.size();
    }
}
