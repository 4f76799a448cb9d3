package io.longline.register.route;

import java.util.List;

/** What became of an unbind. {@code atMs} is when, by the clock of Redis. */
public sealed interface UnbindOutcome {

    long atMs();

    /** Another bind has the endpoint; nothing was changed. {@code newer} is its generation, 0 where nobody knows the device. */
    record NotOwner(long newer, long atMs) implements UnbindOutcome {}

    record Unbound(long atMs) implements UnbindOutcome {}

    /**
     * Unbound, and the device is no longer known. The journal has to be told, under this generation.
     *
     * @param topics that it followed; of these the journal has to be told, too
     */
    record Forgotten(long generation, long atMs, List<String> topics) implements UnbindOutcome {

        public Forgotten {
            topics = List.copyOf(topics);
        }
    }
}
