package io.longline.room.heartbeat;

/** Whoever must not be silent for too long. */
public interface Watched {

    /** It was. Told again after the same time, until it is removed or heard of. */
    void silent();
}
