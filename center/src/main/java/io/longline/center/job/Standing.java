package io.longline.center.job;

/**
 * What whoever works on a job is told of it: whether it is to go on, and at what pace.
 *
 * @param bytesPerS of a broadcast, likewise {@code canaryPermille}
 * @param sharing how many jobs of its product run, with this one
 */
public record Standing(JobState state, int ratePerS, int bytesPerS, int canaryPermille, int sharing) {}
