package io.longline.room.audit;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.refill.Rebinding;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows sessions to the auditor, and sets right what it found. From any thread; does not block. */
public final class SessionAudit {
    private static final int SLOTS_AT_ONCE = 512;

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Rebinding rebinding;

    /** @param loops in the order of their index */
    public SessionAudit(Incarnation incarnation, List<RoomLoop> loops, Rebinding rebinding) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.rebinding = rebinding;
    }

    /**
     * Some sessions of a loop.
     *
     * @param nextSlot where the next ones begin; 0: there are no more
     */
    record Page(List<SeenSession> sessions, int nextSlot) {}

    /** What is at a place. */
    record Found(Optional<SeenSession> session, boolean binding) {
        static final Found NOTHING = new Found(Optional.empty(), false);
    }

    int loops() {
        return loops.size();
    }

    /** Empty where this is another incarnation, or there is no such loop. Those whose bind is under way are left out. */
    CompletableFuture<Optional<Page>> survey(long ofIncarnation, int loop, int slot) {
        if (ofIncarnation != incarnation.current() || loop < 0 || loop >= loops.size() || slot < 0) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        RoomLoop roomLoop = loops.get(loop);
        return CompletableFuture.supplyAsync(() -> Optional.of(page(roomLoop, slot)), roomLoop.loop());
    }

    private Page page(RoomLoop roomLoop, int slot) {
        List<SeenSession> sessions = new ArrayList<>();
        int end =
                (int) Math.min((long) slot + SLOTS_AT_ONCE, roomLoop.sessions().slots());
        roomLoop.sessions().forEach(slot, end, session -> {
            if (!session.bindUnderWay()) {
                sessions.add(SeenSession.of(session, incarnation));
            }
        });
        return new Page(sessions, end < roomLoop.sessions().slots() ? end : 0);
    }

    CompletableFuture<Found> inspect(Place place) {
        return at(place, Found.NOTHING, session -> {
            if (session == null) {
                return Found.NOTHING;
            }
            return session.bindUnderWay()
                    ? new Found(Optional.empty(), true)
                    : new Found(Optional.of(SeenSession.of(session, incarnation)), false);
        });
    }

    /** Nobody has its endpoint: it is bound anew, in the background. False: it is gone, or its bind is under way. */
    CompletableFuture<Boolean> bind(Place place, long generation) {
        return at(
                place,
                false,
                session -> session != null && session.generation() == generation && rebinding.begin(session));
    }

    /** There may be something in its inbox that it was not told of: it loads. False: as with {@link #bind}. */
    CompletableFuture<Boolean> load(Place place, long generation) {
        return at(place, false, session -> {
            if (session == null || session.bindUnderWay() || session.generation() != generation) {
                return false;
            }
            session.lastHop().reload();
            loops.get(place.loop()).reader().level(session);
            return true;
        });
    }

    /** On the loop of the place. */
    private <T> CompletableFuture<T> at(Place place, T elsewhere, Function<@Nullable Session, T> look) {
        if (!incarnation.is(place) || place.loop() < 0 || place.loop() >= loops.size()) {
            return CompletableFuture.completedFuture(elsewhere);
        }
        RoomLoop roomLoop = loops.get(place.loop());
        return CompletableFuture.supplyAsync(
                () -> look.apply(roomLoop.sessions().find(place.slot(), place.slotGeneration())), roomLoop.loop());
    }
}
