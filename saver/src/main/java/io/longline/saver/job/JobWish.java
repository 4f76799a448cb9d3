package io.longline.saver.job;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a back end wants of a job.
 *
 * @param state RUNNING, PAUSED or CANCELLED; null: as it is
 * @param ratePerS empty: as it is
 * @param recall it ends, if it has not, and what it has sent is recalled
 */
record JobWish(@Nullable JobState state, OptionalInt ratePerS, boolean recall) {}
