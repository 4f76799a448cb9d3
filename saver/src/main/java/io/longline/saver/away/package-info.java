/**
 * Inboxes of clients that have been away for long: their messages are in MySQL alone, until the client comes. {@link Absentees}
 * finds them, one saver at a time; {@link LeaveFlow} takes one out of Redis when all of it is certainly committed; {@link
 * ReturnFlow} brings one back before it is read. Flows block and run on virtual threads.
 */
@NullMarked
package io.longline.saver.away;

import org.jspecify.annotations.NullMarked;
