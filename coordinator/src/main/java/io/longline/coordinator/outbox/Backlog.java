package io.longline.coordinator.outbox;

/** Where events go for which there is no room in the streams of a shard, and from where they come back. */
public interface Backlog {

    /**
     * The shard is held, and was looked at: what may be moved is. Returns at once; from the shard's thread.
     *
     * @param fence under which it is held
     * @param behind whether anything is behind its streams, as far as the store knows
     */
    void look(int shard, long fence, boolean behind);

    /** The shard is not held any more. */
    default void left(int shard) {}
}
