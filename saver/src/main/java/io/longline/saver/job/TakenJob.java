package io.longline.saver.job;

import com.google.protobuf.ByteString;

/**
 * A job that somebody works on.
 *
 * @param run names who: it counts how often the job was taken
 * @param recalled targets, from the beginning of the list, at which it was recalled
 * @param givenBack whoever had it before has told of all that it did
 * @param sharing how many jobs of the product run, with this one
 */
record TakenJob(Job job, long run, ByteString push, int partSize, int recalled, boolean givenBack, int sharing) {

    TakenJob sharing(int jobs) {
        return new TakenJob(job, run, push, partSize, recalled, givenBack, jobs);
    }
}
