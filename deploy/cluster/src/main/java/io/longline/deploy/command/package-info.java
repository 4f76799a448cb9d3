/**
 * {@code deploy/longline}: one class a command. They read options, ask the cluster, print, and end; nothing calls them
 * but {@link io.longline.deploy.command.LonglineMain}. Each runs on the main thread.
 */
@NullMarked
package io.longline.deploy.command;

import org.jspecify.annotations.NullMarked;
