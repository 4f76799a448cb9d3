package io.longline.coordinator.uplink;

import io.longline.keeper.rpc.Deadline;
import java.util.concurrent.CompletionStage;

/** Takes uplinks in. Methods that answer with a value block; all fail with LonglineException while the store is away. */
interface UplinkStore {

    /**
     * Keeps it once; when this is answered it will not be lost.
     *
     * @param hasCallback whether its product has a callback for it
     * @param perMinute how many of its endpoint may be kept in a minute; 0: any number
     */
    CompletionStage<KeepOutcome> keep(Uplink uplink, boolean hasCallback, int perMinute);

    /** How many of so many are within the product's rate. */
    Admitted admit(String product, int wanted, int ratePerS, Deadline deadline);

    /**
     * The first so many of those that asked.
     *
     * @param nextInMs when the first one of the others would be
     */
    record Admitted(int count, long nextInMs) {}
}
