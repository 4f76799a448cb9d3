package io.longline.center.job;

import com.google.protobuf.ByteString;
import io.longline.center.push.Push;

/**
 * A job to work on. One that has ended is to be recalled.
 *
 * @param run names who works on it: it counts how often the job was taken
 * @param kept what is to be sent; {@link #push} reads it
 * @param partSize targets in each part of the list but the last
 * @param recalled targets, from the beginning of the list, at which it was recalled
 * @param givenBack whoever had it before has told of all that it did
 */
public record TakenJob(Job job, long run, ByteString kept, int partSize, long recalled, boolean givenBack) {

    /** Whoever had it before may have sent some targets of which nobody has heard. */
    public boolean isTakenOver() {
        return run > 1 && !givenBack;
    }

    /** Without targets. */
    public Push push() {
        return JobWire.push(this);
    }
}
