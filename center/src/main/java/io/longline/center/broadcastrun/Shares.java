package io.longline.center.broadcastrun;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Who may send how many people a second, so that all together are never more than the pace, whatever is lost: in no second that is looked at.
 *
 * <p>A share that a room was asked to take counts from then on, until a second after the room has answered a later request, or until it has
 * ended by itself wherever it may have lain: so a second's worth is told of by what counts at its end. Several that may be the room's count
 * as the greatest, as only one of them can be. A share grows only by what nobody has; so what one room loses another has when the first one
 * has answered, and not before.
 *
 * <p>Used by one thread.
 *
 * @param <R> a start of a room
 */
final class Shares<R> {
    /** As fast as the room can. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** How long a room may send after it began to look at a request. */
    static final Duration LENGTH = Duration.ofSeconds(3);
    /** How long a request may lie before that; then it is not looked at any more. */
    static final Duration CALL = Duration.ofSeconds(1);

    static final Duration LOOKED_AT = Duration.ofSeconds(1);
    /** What is asked now counts no longer, in any case. */
    static final Duration LONGEST = CALL.plus(LENGTH).plus(LOOKED_AT);

    private static final long UNKNOWN = -1;

    private final LongSupplier nanos;
    private final Map<R, Room> rooms = new HashMap<>();
    /** What was asked before the pace became less may be sent until it is over, and is not asked again. */
    private int slowdowns;

    private int lastPace = UNLIMITED;
    private long othersUntil;
    private boolean others;

    Shares(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param slowdowns how often the pace had become less by then */
    private record Given(long number, int perS, long until, int slowdowns) {}

    private static final class Room {
        private final Deque<Given> given = new ArrayDeque<>();
        private final Turn turn = new Turn();
        private long left = UNKNOWN;

        /** The most that it may be sending, or was a second ago. */
        long held(long now) {
            return held(now, 0);
        }

        /** The same of what it was asked since the pace became less for the last time. */
        long held(long now, int slowdowns) {
            given.removeIf(one -> one.until - now <= 0);
            return given.stream()
                    .filter(one -> one.slowdowns >= slowdowns)
                    .mapToLong(Given::perS)
                    .max()
                    .orElse(0);
        }
    }

    /** Somebody else may be sending what we do not know of, until so much time from now. */
    void othersSend(Duration time) {
        others = true;
        othersUntil = nanos.getAsLong() + time.toNanos();
    }

    /**
     * What each of those that are asked now is to have. A room that has not answered, or has nothing left, has none.
     *
     * @param pace people a second; 0: nothing limits it
     * @param members rooms that are there
     * @param asked of them, those that are asked now
     */
    Map<R, Integer> next(int pace, Set<R> members, Collection<R> asked) {
        long now = nanos.getAsLong();
        rooms.entrySet()
                .removeIf(
                        one -> !members.contains(one.getKey()) && one.getValue().held(now) == 0);
        Map<R, Integer> next = new LinkedHashMap<>();
        changed(pace == 0 ? UNLIMITED : pace);
        if (pace == 0) {
            asked.forEach(room -> next.put(room, UNLIMITED));
            return next;
        }
        Map<R, Integer> wanted = wanted(pace, members, now);
        long free = free(pace, now, 0);
        long freeSince = free(pace, now, slowdowns);
        for (R room : asked) {
            Room known = room(room);
            long held = known.held(now);
            long heldSince = known.held(now, slowdowns);
            long wish = wanted.getOrDefault(room, 0);
            long given = Math.min(wish, Math.min(held + Math.max(0, free), heldSince + Math.max(0, freeSince)));
            free -= Math.max(0, given - held);
            freeSince -= Math.max(0, given - heldSince);
            known.turn.given(given == wish, now);
            next.put(room, (int) given);
        }
        return next;
    }

    private void changed(int pace) {
        if (pace < lastPace) {
            slowdowns++;
        }
        lastPace = pace;
    }

    /** Of those that have answered and have somebody left. */
    private Map<R, Integer> wanted(int pace, Set<R> members, long now) {
        Map<R, Long> left = new LinkedHashMap<>();
        Map<R, Turn> turns = new HashMap<>();
        rooms.forEach((room, known) -> {
            if (members.contains(room) && known.left > 0) {
                left.put(room, known.left);
                turns.put(room, known.turn);
            } else {
                known.turn.leave(now);
            }
        });
        return Split.of(pace, left, turns, now);
    }

    /** What nobody may be sending, of what was asked since then. */
    private long free(int pace, long now, int since) {
        if (others && othersUntil - now > 0) {
            return 0;
        }
        return pace
                - rooms.values().stream()
                        .mapToLong(room -> room.held(now, since))
                        .sum();
    }

    /** A request to send at this share is on its way; {@code perS} 0: to rest. */
    void asked(R room, long number, int perS) {
        if (perS > 0) {
            room(room).given.add(new Given(number, perS, nanos.getAsLong() + LONGEST.toNanos(), slowdowns));
        }
    }

    /** That request is the room's newest from now on, and so many are left there. */
    void answered(R room, long number, long left) {
        Room known = room(room);
        overBefore(known, number);
        known.left = left;
    }

    /** The same, where it was asked for another canary than by now: how many are left is not known. */
    void answered(R room, long number) {
        Room known = room(room);
        overBefore(known, number);
        known.left = UNKNOWN;
    }

    private void overBefore(Room room, long number) {
        long until = nanos.getAsLong() + LOOKED_AT.toNanos();
        List<Given> given = List.copyOf(room.given);
        room.given.clear();
        for (Given one : given) {
            boolean over = one.number < number && one.until - until > 0;
            room.given.add(over ? new Given(one.number, one.perS, until, one.slowdowns) : one);
        }
    }

    /** It may have heard of it all the same. */
    void unanswered(R room) {
        room(room).left = UNKNOWN;
    }

    /** The canary is another one. */
    void forgetLeft() {
        rooms.values().forEach(room -> room.left = UNKNOWN);
    }

    /** Whether all of them have answered that nobody is left. */
    boolean isDone(Set<R> members) {
        return members.stream().allMatch(room -> rooms.containsKey(room) && room(room).left == 0);
    }

    /** Whether nobody may be sending, nor was a second ago. */
    boolean isClear() {
        long now = nanos.getAsLong();
        return !(others && othersUntil - now > 0) && rooms.values().stream().allMatch(room -> room.held(now) == 0);
    }

    private Room room(R room) {
        return rooms.computeIfAbsent(room, _ -> new Room());
    }
}
