package io.longline.coordinator.events;

import java.util.List;

/** The event streams of all shards, as one of several coordinators sees them. Methods block, and throw while the store is away. */
interface EventStream {

    /** What no coordinator has been given yet; from now on it is this one's to do. */
    List<SessionEvent> fresh();

    /** What a coordinator was given long ago and has not finished, this one included; from now on it is this one's to do. */
    List<SessionEvent> abandoned();

    /** It is done, whatever came of it; nobody is given it again. */
    void finish(List<SessionEvent.Entry> entries);
}
