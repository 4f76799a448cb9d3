package io.longline.room.topic;

/**
 * How far a topic is in this room.
 *
 * @param followers sessions
 * @param written of them: those that were sent it, now or before; the others read it when they can
 */
public record TopicReached(long followers, long written) {

    TopicReached plus(TopicReached other) {
        return new TopicReached(followers + other.followers, written + other.written);
    }
}
