/**
 * What time it is in Redis, for those who stamp messages: by that clock their ends are measured. Asked by center, every few seconds.
 */
@NullMarked
package io.longline.saver.time;

import org.jspecify.annotations.NullMarked;
