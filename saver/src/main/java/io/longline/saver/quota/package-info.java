/**
 * Counters of what is sent, for all centers together: a product's rate and quota of the day, of which centers are granted parts, and
 * what each user was sent in this hour and this day. Asked by center before a message is claimed or stored. Batches of virtual threads.
 */
@NullMarked
package io.longline.saver.quota;

import org.jspecify.annotations.NullMarked;
