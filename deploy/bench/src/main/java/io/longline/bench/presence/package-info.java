/**
 * Who comes and goes, told through kills and stops: {@link io.longline.bench.presence.PresenceKilled} from top to bottom. A back end keeps
 * what it was told last of each endpoint ({@link io.longline.bench.presence.ToldBook}), another one reads the log ({@link
 * io.longline.bench.presence.LogReader}), and in the end both are to say what the clients know of themselves. Used by the command alone.
 */
@NullMarked
package io.longline.bench.presence;

import org.jspecify.annotations.NullMarked;
