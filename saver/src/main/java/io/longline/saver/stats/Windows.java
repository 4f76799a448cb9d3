package io.longline.saver.stats;

/** What happened in the time before {@code nowMs}. */
record Windows(long nowMs, Counts minute, Counts hour, Counts day) {}
