/**
 * Events that a back end did not take in time: coordinator brings them, center shows them and has them sent again. In MySQL alone, so many of a
 * product and for so long. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.saver.deadletter;

import org.jspecify.annotations.NullMarked;
