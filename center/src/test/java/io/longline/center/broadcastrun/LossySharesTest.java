package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares among rooms that answer late, never, or are gone, by a clock that jumps from one moment to the next. */
class LossySharesTest {
    private static final Duration STEP = Duration.ofMillis(50);
    private static final int STEPS_OF_A_TICK = 10;
    private static final int STEPS_OF_A_CALL = 20;
    private static final int STEPS_OF_A_SECOND = 20;
    private static final int STEPS = 1_200;

    private long nanos = 1;
    private int step;
    private long number;
    private final Shares<String> shares = new Shares<>(() -> nanos);
    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private final Set<String> members = new HashSet<>();
    private final Map<String, Call> underWay = new HashMap<>();

    /** What a room does, as it was asked. */
    private static final class Room {
        private double left = 1e9;
        private long number;
        private int perS;
        private long until;
        private final Deque<Integer> lastSecond = new ArrayDeque<>();

        void hear(Call call, long now) {
            if (call.number > number) {
                number = call.number;
                perS = call.perS;
                until = now + Shares.LENGTH.toNanos();
            }
        }

        void send(long now) {
            int share = until - now > 0 ? perS : 0;
            left = Math.max(0, left - share * STEP.toNanos() / 1e9);
            lastSecond.addLast(share);
            if (lastSecond.size() > STEPS_OF_A_SECOND) {
                lastSecond.removeFirst();
            }
        }

        int most() {
            return lastSecond.stream().mapToInt(Integer::intValue).max().orElse(0);
        }
    }

    /** Steps: when it comes to the room, and when the answer is back; -1: never. */
    private record Call(long number, int perS, int asked, int heardAt, int answeredAt) {}

    @FunctionalInterface
    private interface Network {
        Call call(long number, int perS, int now);
    }

    private static Network reliable() {
        return (number, perS, now) -> new Call(number, perS, now, now, now + 1);
    }

    private static Network lossy(Random random) {
        return (number, perS, now) -> {
            int heard = random.nextInt(100) < 20 ? -1 : now + random.nextInt(STEPS_OF_A_CALL);
            boolean lost = heard < 0 || random.nextInt(100) < 20;
            return new Call(number, perS, now, heard, lost ? -1 : heard + random.nextInt(STEPS_OF_A_CALL));
        };
    }

    private void join(String room) {
        members.add(room);
        rooms.computeIfAbsent(room, _ -> new Room());
    }

    private Room room(String name) {
        return Objects.requireNonNull(rooms.get(name));
    }

    private final List<Call> onTheirWay = new ArrayList<>();
    private final Map<Long, String> to = new HashMap<>();

    private void step(int pace, Network network) {
        step++;
        nanos += STEP.toNanos();
        for (Call call : onTheirWay) {
            if (call.heardAt == step) {
                room(Objects.requireNonNull(to.get(call.number))).hear(call, nanos);
            }
        }
        onTheirWay.removeIf(call -> call.heardAt <= step);
        rooms.values().forEach(room -> room.send(nanos));
        Map.copyOf(underWay).forEach(this::hearAnswer);
        if (step % STEPS_OF_A_TICK == 0) {
            tick(pace, network);
        }
    }

    private void hearAnswer(String room, Call call) {
        boolean inTime = call.answeredAt >= 0 && call.answeredAt <= call.asked + STEPS_OF_A_CALL;
        if (inTime && call.answeredAt <= step) {
            underWay.remove(room);
            shares.answered(room, call.number, Math.round(room(room).left));
        } else if (step >= call.asked + STEPS_OF_A_CALL) {
            underWay.remove(room);
            shares.unanswered(room);
        }
    }

    private void tick(int pace, Network network) {
        List<String> free = members.stream()
                .filter(room -> !underWay.containsKey(room))
                .sorted()
                .toList();
        shares.next(pace, members, free).forEach((room, perS) -> {
            Call call = network.call(++number, perS, step);
            shares.asked(room, call.number, perS);
            to.put(call.number, room);
            underWay.put(room, call);
            if (call.heardAt == step) {
                room(room).hear(call, nanos);
            } else if (call.heardAt > 0) {
                onTheirWay.add(call);
            }
        });
    }

    private long inTheLastSecond() {
        return rooms.values().stream().mapToLong(Room::most).sum();
    }

    private String what() {
        return rooms.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue().most())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1_000_000})
    void inNoSecondMoreAreSentThanThePaceWhateverIsLost(int pace) {
        for (int seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            Network network = lossy(random);
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(40) == 0) {
                    join(seed + "-" + random.nextInt(12));
                } else if (random.nextInt(80) == 0) {
                    members.remove(seed + "-" + random.nextInt(12)); // it goes on, for all we know
                }
                step(pace, network);
                assertThat(inTheLastSecond())
                        .as("seed %s step %s: %s", seed, step, what())
                        .isLessThanOrEqualTo(pace);
            }
            members.clear();
        }
    }

    @Test
    void norThanTheGreatestPaceThatWasAskedForWhileItChanges() {
        Random random = new Random(1);
        Network network = lossy(random);
        Deque<Integer> paces = new ArrayDeque<>();
        int pace = 50;
        for (int i = 0; i < 6; i++) {
            join("room-" + i);
        }
        for (int i = 0; i < 4 * STEPS; i++) {
            pace = random.nextInt(60) == 0 ? 1 + random.nextInt(200) : pace;
            paces.addLast(pace);
            if (paces.size() > Shares.LONGEST.dividedBy(STEP) + STEPS_OF_A_SECOND) {
                paces.removeFirst();
            }
            step(pace, network);
            assertThat(inTheLastSecond())
                    .isLessThanOrEqualTo(
                            paces.stream().mapToInt(Integer::intValue).max().orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50, 10_000})
    void whereAllAnswerMostOfThePaceIsUsed(int pace) {
        for (int i = 0; i < 8; i++) {
            join("room-" + i);
            room("room-" + i).left = 1e6 * (i + 1);
        }
        double before = rooms.values().stream().mapToDouble(room -> room.left).sum();
        for (int i = 0; i < STEPS; i++) {
            step(pace, reliable());
        }
        double sent =
                before - rooms.values().stream().mapToDouble(room -> room.left).sum();
        double seconds = STEPS / (double) STEPS_OF_A_SECOND;
        assertThat(sent / seconds).isBetween(0.6 * pace, 1.0 * pace);
    }
}
