package io.longline.center.job;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a back end wants of a job; what is left out stays as it is.
 *
 * @param state RUNNING, PAUSED or CANCELLED; null: left out
 * @param bytesPerS of a broadcast, likewise {@code canaryPermille}
 */
record JobChange(@Nullable JobState state, OptionalInt ratePerS, OptionalInt bytesPerS, OptionalInt canaryPermille) {

    boolean isEmpty() {
        return state == null && ratePerS.isEmpty() && bytesPerS.isEmpty() && canaryPermille.isEmpty();
    }
}
