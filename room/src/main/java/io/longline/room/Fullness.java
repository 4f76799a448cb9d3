package io.longline.room;

/** Whether there is no room for more: from when there is none until a twentieth of it is free again. Used by one thread. */
final class Fullness {
    private static final int PART = 20;

    private boolean full;

    boolean look(long there, long limit) {
        full = there >= (full ? Math.max(1, limit - limit / PART) : limit);
        return full;
    }
}
