package io.longline.register.route;

import io.longline.keeper.product.Callback;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Place;
import java.util.Optional;

/**
 * A session that takes its endpoint.
 *
 * @param network what the client said, "" if nothing
 * @param previousGeneration of a session that is bound anew under its room's next incarnation; 0: a new session
 * @param notAfterMs by the clock: later it must not happen any more; 0: no matter when
 * @param secondDevice what its product says of users with several devices
 * @param presencePer of whom its product is told that they came; empty: of nobody
 */
public record Binding(
        Endpoint endpoint,
        Place place,
        String network,
        long previousGeneration,
        long notAfterMs,
        SecondDevice secondDevice,
        Optional<Callback.Per> presencePer) {

    /** Nobody is told that it came. */
    public Binding(
            Endpoint endpoint,
            Place place,
            String network,
            long previousGeneration,
            long notAfterMs,
            SecondDevice secondDevice) {
        this(endpoint, place, network, previousGeneration, notAfterMs, secondDevice, Optional.empty());
    }
}
