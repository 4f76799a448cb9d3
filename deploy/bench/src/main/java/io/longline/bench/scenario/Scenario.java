package io.longline.bench.scenario;

import io.longline.bench.report.Result;
import io.longline.bench.rig.Rig;
import java.util.function.Consumer;

/** One thing that is measured. */
public interface Scenario {

    String name();

    /** What it measures and how, in a sentence or two. */
    String description();

    /** About a minute on two cores, the start of the cluster included. */
    Load small();

    /** What the figures of RESULTS.md are made with. */
    Load full();

    /** How many rooms it needs. */
    default int rooms(Load load) {
        return 1;
    }

    /** How many coordinators it needs. */
    default int coordinators() {
        return 1;
    }

    /** How many links one process has at most, and as many are to one port. */
    default int linksOfOne(Load load) {
        return load.clients();
    }

    /**
     * Runs.
     *
     * @param rig of at least that many rooms
     * @param progress lines for who watches
     */
    Result run(Rig rig, Load load, Consumer<String> progress);
}
