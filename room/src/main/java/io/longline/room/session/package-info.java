/**
 * What the room knows of a bound endpoint: a {@link io.longline.room.session.Session} keeps the order of one inbox on one
 * link, a {@link io.longline.room.session.SessionTable} finds the sessions of one event loop by place, {@link
 * io.longline.room.session.LinkSessions} those of one link by ref.
 *
 * <p>Everything here belongs to one event loop and is touched on it alone; there are no locks. Nothing here waits, calls
 * another service, or knows of channels.
 */
@NullMarked
package io.longline.room.session;

import org.jspecify.annotations.NullMarked;
