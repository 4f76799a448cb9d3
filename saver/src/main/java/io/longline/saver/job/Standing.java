package io.longline.saver.job;

/**
 * Whether whoever works on a job is to go on, and at what pace.
 *
 * @param bytesPerS of a broadcast, likewise {@code canaryPermille}; 0 of a list
 * @param sharing how many jobs of its product run, with this one
 */
record Standing(JobState state, int ratePerS, int bytesPerS, int canaryPermille, int sharing) {

    /** As the job stands, but for its state. */
    static Standing of(Job job, JobState state, int sharing) {
        Broadcast broadcast = job.broadcast();
        return new Standing(state, job.ratePerS(), broadcast.bytes().perS(), broadcast.canaryPermille(), sharing);
    }
}
