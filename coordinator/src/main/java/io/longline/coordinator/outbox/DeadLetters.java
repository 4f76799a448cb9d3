package io.longline.coordinator.outbox;

import java.util.List;

/** Where events are kept that no back end took in time. */
public interface DeadLetters {

    /** What became of one. */
    enum Kept {
        KEPT,
        /** Its product has as many as it may. */
        FULL,
        FAILED
    }

    /**
     * Keeps them for good, each once by its id. Blocks, and never fails.
     *
     * @param why they were not taken the last time
     * @return in their order
     */
    List<Kept> keep(List<Event> dead, String why);
}
