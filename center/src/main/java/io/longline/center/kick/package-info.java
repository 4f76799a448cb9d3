/**
 * Sessions that a back end ends: of one user or device by {@link io.longline.center.kick.KickHttp}, of many users by {@link
 * io.longline.center.kick.BatchKickHttp}, which queues a job. What both ask for is {@link io.longline.center.kick.KickBody}; register does it, asked
 * by {@link io.longline.center.kick.KickClient}, also by whoever works on such a job. Called by the HTTP server's threads, which are virtual, and wait.
 */
@NullMarked
package io.longline.center.kick;

import org.jspecify.annotations.NullMarked;
