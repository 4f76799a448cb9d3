/**
 * What a room knows of broadcasts without its sessions: which topics of them there are ({@link io.longline.room.broadcast.BroadcastTopics}), whose
 * word about one counts ({@link io.longline.room.broadcast.BroadcastTopic}), how fast people may be let have it ({@link
 * io.longline.room.broadcast.Pacer}), and who is in a canary. All loops share it: everything here is thread-safe, and waits for nothing. Who lets
 * sessions have a broadcast is in {@code room.topic}.
 */
@NullMarked
package io.longline.room.broadcast;

import org.jspecify.annotations.NullMarked;
