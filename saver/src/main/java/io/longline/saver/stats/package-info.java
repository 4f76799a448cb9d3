/**
 * What a product sends and what becomes of it, in numbers: counted in memory where it happens ({@code Tally}), written to Redis each second, and
 * summed up when center asks. What waits is counted when it is asked for. No flow waits for any of it, and none depends on it.
 */
@NullMarked
package io.longline.saver.stats;

import org.jspecify.annotations.NullMarked;
