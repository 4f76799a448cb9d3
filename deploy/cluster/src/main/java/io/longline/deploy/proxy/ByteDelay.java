package io.longline.deploy.proxy;

import java.time.Duration;

/** Looks at what a caller says, and may hold it back. */
@FunctionalInterface
interface ByteDelay {
    ByteDelay NONE = (bytes, length) -> Duration.ZERO;

    /**
     * How long these bytes, read together, and all that come after them wait.
     *
     * @param length how many of the array were read
     */
    Duration of(byte[] bytes, int length);
}
