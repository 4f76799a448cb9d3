package io.longline.deploy.check.history;

/**
 * How far a job is.
 *
 * @param skipped targets that it was not sent to
 */
public record JobState(String state, long targeted, long sent, long skipped) {}
