package io.longline.room.fanout;

/**
 * What became of a message to many.
 *
 * @param written handed to their links
 * @param dropped of clients that take things slower than they come
 */
public record Reached(long written, long dropped) {

    Reached plus(Reached other) {
        return new Reached(written + other.written, dropped + other.dropped);
    }
}
