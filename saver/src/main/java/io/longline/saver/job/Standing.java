package io.longline.saver.job;

/**
 * What whoever works on a job is told of it: whether it is to go on, at what pace, and for how many.
 *
 * @param sharing how many jobs of the product run, with this one
 */
record Standing(JobState state, int ratePerS, int canaryPermille, int sharing) {}
