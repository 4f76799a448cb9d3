/**
 * Topics, as the sessions of this room follow them. A {@link io.longline.room.topic.Follow} keeps the order of one topic in one session; the {@link
 * io.longline.room.topic.TopicTable} of a loop finds those of a topic and those of a session; a {@link io.longline.room.topic.TopicReader} reads
 * the logs, one call for all that are equally far; {@link io.longline.room.topic.Passes} forwards acks. Who follows what is the register's to
 * say: {@link io.longline.room.topic.Following} takes it from there, {@link io.longline.room.topic.Subscriptions} asks for changes. Others
 * come in through {@link io.longline.room.topic.Reach} and {@link io.longline.room.topic.Refollow}.
 *
 * <p>A {@link io.longline.room.topic.TopicLoop} holds what one event loop has; it and what it holds are touched on that loop alone. A session
 * that follows nothing has nothing here.
 */
@NullMarked
package io.longline.room.topic;

import org.jspecify.annotations.NullMarked;
