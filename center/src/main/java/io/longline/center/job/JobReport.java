package io.longline.center.job;

import org.jspecify.annotations.Nullable;

/**
 * What is told of a job that is being sent.
 *
 * @param reason what it waits for, or why it ends; "": nothing special
 * @param end null: it goes on. Of one that has ended already: that this is the last report
 */
public record JobReport(
        Progress progress, String reason, @Nullable JobState end) {}
