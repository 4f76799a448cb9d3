/**
 * What register keeps in MySQL through the saver: which devices are known, and what is followed. No flow and no store of its own: it goes straight
 * to the journal. Runs on the virtual threads of a call.
 */
@NullMarked
package io.longline.saver.device;

import org.jspecify.annotations.NullMarked;
