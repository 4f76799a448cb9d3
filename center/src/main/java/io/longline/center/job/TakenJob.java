package io.longline.center.job;

import com.google.protobuf.ByteString;
import io.longline.center.push.Push;

/**
 * A job to work on. A list that has ended is to be recalled.
 *
 * @param run names who works on it: it counts how often the job was taken
 * @param kept what is to be sent; {@link #push} reads it
 * @param partSize targets in each part of the list but the last
 * @param recalled targets, from the beginning of the list, at which it was recalled
 * @param givenBack whoever had it before has told of all that it did, and no room sends on its behalf
 * @param sharing how many jobs of its product run, with this one
 */
public record TakenJob(
        Job job, long run, ByteString kept, int partSize, long recalled, boolean givenBack, int sharing) {

    /** Whoever had it before may have sent some targets of which nobody has heard. */
    public boolean isTakenOver() {
        return run > 1 && !givenBack;
    }

    /** How it stood when it was taken. */
    public Standing standing() {
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null
                ? new Standing(job.state(), job.ratePerS(), 0, 0, sharing)
                : new Standing(job.state(), job.ratePerS(), broadcast.bytesPerS(), broadcast.canaryPermille(), sharing);
    }

    /** Of a broadcast; "": it is none. */
    public String topic() {
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null ? "" : broadcast.topic();
    }

    /** What an earlier run has told of a broadcast. */
    public BroadcastProgress broadcast() {
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null ? BroadcastProgress.NONE : broadcast.progress();
    }

    /** Without targets. */
    public Push push() {
        return JobWire.push(this);
    }
}
