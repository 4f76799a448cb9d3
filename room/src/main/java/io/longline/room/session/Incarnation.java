package io.longline.room.session;

import io.longline.room.transport.Loop;
import java.util.function.LongSupplier;

/**
 * Which start of which room this is. It changes when the room was declared gone without being so. Numbers are led by the
 * clock, so none is ever used twice. Read by any thread.
 */
public final class Incarnation {
    private static final int PER_MS = 1024;

    private final String room;
    private final LongSupplier nowMs;
    private volatile long current;

    public Incarnation(String room, LongSupplier nowMs) {
        this.room = room;
        this.nowMs = nowMs;
        this.current = nowMs.getAsLong() * PER_MS;
    }

    /** Takes the next number. */
    public synchronized long renew() {
        current = Math.max(current + 1, nowMs.getAsLong() * PER_MS);
        return current;
    }

    public long current() {
        return current;
    }

    public String room() {
        return room;
    }

    /** Whether the place is in this room as it is now. */
    public boolean is(Place place) {
        return place.incarnation() == current && place.room().equals(room);
    }

    /** Where a session is that has been given a slot. */
    public Place placeOf(Session session) {
        Loop loop = session.link().loop();
        return new Place(room, current, loop.index(), session.slot(), session.slotGeneration());
    }
}
