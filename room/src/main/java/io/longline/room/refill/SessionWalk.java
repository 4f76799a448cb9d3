package io.longline.room.refill;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks at the sessions of all loops, each on its own, some at a time, so that the loop's links keep their turn. */
final class SessionWalk {
    private static final int SLOTS_AT_ONCE = 512;

    private SessionWalk() {}

    /**
     * Blocks as long as the consumer does.
     *
     * @param look is shown a session on its loop, and gives what it finds to the consumer that it is handed
     * @param each is told what was found, on this thread, before more is looked at
     */
    static <T> void over(List<RoomLoop> loops, BiConsumer<Session, Consumer<T>> look, Consumer<T> each) {
        for (RoomLoop roomLoop : loops) {
            int slots = roomLoop.loop().call(roomLoop.sessions()::slots);
            for (int from = 0; from < slots; from += SLOTS_AT_ONCE) {
                int first = from;
                roomLoop.loop().call(() -> found(roomLoop, first, look)).forEach(each);
            }
        }
    }

    private static <T> List<T> found(RoomLoop roomLoop, int first, BiConsumer<Session, Consumer<T>> look) {
        List<T> found = new ArrayList<>();
        roomLoop.sessions().forEach(first, first + SLOTS_AT_ONCE, session -> look.accept(session, found::add));
        return found;
    }

    /**
     * The same for those that are bound and have an endpoint of these shards. One whose bind is under way is bound again when that is
     * answered: see {@code Refills}.
     *
     * @param found what is told of a session, looked at on its loop
     */
    static <T> void overBound(List<RoomLoop> loops, Set<Integer> shards, Function<Session, T> found, Consumer<T> each) {
        SessionWalk.<T>over(
                loops,
                (session, told) -> {
                    if (!session.bindUnderWay()
                            && shards.contains((int) session.endpoint().key())) {
                        told.accept(found.apply(session));
                    }
                },
                each);
    }
}
