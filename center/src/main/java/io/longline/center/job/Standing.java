package io.longline.center.job;

/** What whoever works on a job is told of it: whether it is to go on, and at what pace. */
public record Standing(JobState state, int ratePerS) {}
