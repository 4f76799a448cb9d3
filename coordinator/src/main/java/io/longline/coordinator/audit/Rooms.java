package io.longline.coordinator.audit;

import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the auditor asks of rooms. Blocks; for virtual threads. */
interface Rooms {

    /**
     * Some sessions of a loop of a room.
     *
     * @param loops how many loops the room has
     * @param nextSlot where the next ones of this loop begin; 0: it has no more
     */
    record Page(List<SeenSession> sessions, int loops, int nextSlot) {}

    /**
     * The rooms that ZooKeeper names at this moment, with their incarnations.
     *
     * @throws LonglineException ZooKeeper is away
     */
    Map<String, Long> living();

    /**
     * Without those whose bind is under way. Empty: the room has another incarnation by now.
     *
     * @throws LonglineException it does not answer
     */
    Optional<Page> survey(String room, long incarnation, int loop, int slot);

    /** In their order. Never fails. */
    List<AtPlace> inspect(List<Place> places);

    /** What mends a session is begun by its room. Never fails: what could not be done stays. */
    void mend(List<Suspect> suspects);
}
