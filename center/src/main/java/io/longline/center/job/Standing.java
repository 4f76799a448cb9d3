package io.longline.center.job;

/**
 * What whoever works on a job is told of it: whether it is to go on, and at what pace.
 *
 * @param canaryPermille of a broadcast
 * @param sharing how many jobs of its product run, with this one
 */
public record Standing(JobState state, int ratePerS, int canaryPermille, int sharing) {}
