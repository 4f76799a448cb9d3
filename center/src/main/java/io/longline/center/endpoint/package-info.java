/**
 * Whom a push goes to and where that is, in center's own words: what register's generated messages become at the edge.
 *
 * <p>Values only; any package of center may use them, from any thread.
 */
@NullMarked
package io.longline.center.endpoint;

import org.jspecify.annotations.NullMarked;
