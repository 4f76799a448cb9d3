package io.longline.saver.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What whoever sends a job tells of it.
 *
 * @param reason what it waits for, or why it ends
 * @param end final, and that is the last report; null: it goes on
 * @param lease for so long nobody else is to have it
 * @param givesBack somebody else is to go on then, and needs to know of nothing but the progress
 */
record Report(Progress progress, String reason, @Nullable JobState end, Duration lease, boolean givesBack) {}
