/**
 * Dead letters: events that a back end did not take in time. Saver has them; they are shown here, deleted, and sent again by the coordinator. Only
 * center's routes call it; blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.deadletter;

import org.jspecify.annotations.NullMarked;
