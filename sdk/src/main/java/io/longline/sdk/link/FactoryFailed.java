package io.longline.sdk.link;

import java.io.IOException;

/** One of the app's socket factories, or a socket of theirs, threw what is no {@link IOException}. */
public final class FactoryFailed extends IOException {
    private final Throwable problem;

    FactoryFailed(Throwable problem) {
        super("a socket factory threw " + problem, problem);
        this.problem = problem;
    }

    /** What it threw. */
    public Throwable problem() {
        return problem;
    }
}
