package io.longline.center.broadcastrun;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Divides a pace among rooms in proportion to who is left there. */
final class Split {

    private Split() {}

    /**
     * Whole people a second, which are the pace all together. What does not divide goes one by one: to those whose turn it is, then to those that have
     * waited longest.
     *
     * @param left of each room, over 0
     */
    static <R> Map<R, Integer> of(int pace, Map<R, Long> left, Map<R, Turn> turns, long now) {
        long all = left.values().stream().mapToLong(Long::longValue).sum();
        Map<R, Integer> shares = new HashMap<>();
        left.forEach((room, some) -> shares.put(room, (int) (pace * some / all)));
        long over = left.isEmpty()
                ? 0
                : pace - shares.values().stream().mapToLong(Integer::intValue).sum();
        List<R> order = left.keySet().stream()
                .sorted(Comparator.<R, Boolean>comparing(
                                room -> !turn(turns, room).isOn(now))
                        .thenComparing(room -> turn(turns, room).waited(now), Comparator.reverseOrder())
                        .thenComparing(left::get, Comparator.reverseOrder()))
                .toList();
        for (int i = 0; i < order.size(); i++) {
            Turn turn = turn(turns, order.get(i));
            if (i < over) {
                take(turn, now);
                shares.merge(order.get(i), 1, Integer::sum);
            } else {
                turn.leave(now);
            }
        }
        return shares;
    }

    private static void take(Turn turn, long now) {
        if (!turn.isOn(now)) {
            turn.leave(now);
            turn.choose();
        }
    }

    private static <R> Turn turn(Map<R, Turn> turns, R room) {
        Turn turn = turns.get(room);
        if (turn == null) {
            throw new IllegalArgumentException("room " + room + " has no turn");
        }
        return turn;
    }
}
