/**
 * Inboxes: the stored, ordered, not yet acknowledged messages of endpoints. {@link InboxGrpcService} is the way in, {@link
 * Inbox} the flows, {@link RedisInbox} the store, with one Lua script for each thing it does. Flows run on the virtual
 * threads of a batch and may block; nothing here is kept between calls.
 */
@NullMarked
package io.longline.saver.inbox;

import org.jspecify.annotations.NullMarked;
