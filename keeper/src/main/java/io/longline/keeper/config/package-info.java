/**
 * Configuration: four layers (file, ZooKeeper, environment, flags) of dotted keys, read into typed records.
 *
 * <p>Every service reads its record once at start with a {@link io.longline.keeper.config.ConfigReader}; what may change
 * while it runs comes from {@link io.longline.keeper.live.LiveConfig}. A configuration with an error is refused whole,
 * with all its errors. Readers belong to the thread that made them; sources are immutable.
 */
@NullMarked
package io.longline.keeper.config;

import org.jspecify.annotations.NullMarked;
