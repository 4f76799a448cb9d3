package io.longline.coordinator.audit;

import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.function.Consumer;

/** What the auditor asks of register. Blocks; for virtual threads. */
interface Routes {

    /**
     * Every route there is; some may come twice.
     *
     * @param keysPerS so many keys of any kind Redis may be made to look at
     * @throws LonglineException nobody tells (any more)
     */
    void walk(int keysPerS, Consumer<BoundRoute> each);

    /** In their order. Never fails: who is not answered for is unknown. */
    List<Whereabouts> locate(List<Endpoint> endpoints);

    /** Those that are exactly so go. Never fails: what could not be done stays. */
    void takeAway(List<BoundRoute> routes);
}
