package io.longline.center.job;

import org.jspecify.annotations.Nullable;

/**
 * What is told of a broadcast.
 *
 * @param reason what it waits for, or why it ends; "": nothing special
 * @param end null: it goes on. HOLDING: its canary has it. Of one that has ended already: that this is the last report
 */
public record BroadcastReport(
        BroadcastProgress progress, String reason, @Nullable JobState end) {}
