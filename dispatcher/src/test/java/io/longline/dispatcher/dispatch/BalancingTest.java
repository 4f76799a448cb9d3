package io.longline.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.discovery.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The balancers beside the usual one, which {@link RingTest} is about. */
class BalancingTest {
    private static final List<Node> FIVE_ONE_ONE =
            List.of(Rooms.room("a", 5, 7100), Rooms.room("b", 1, 7101), Rooms.room("c", 1, 7102));

    private static List<String> firsts(Balancer balancer, List<Node> rooms, int questions) {
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            firsts.add(balancer.order(rooms, "shop", "u1").getFirst().instance());
        }
        return firsts;
    }

    @ParameterizedTest
    @EnumSource
    void everyRoomIsInTheOrderOnce(Balancing name) {
        Balancer balancer = name.begin();
        List<Node> rooms = Rooms.many(7);
        for (int i = 0; i < 20; i++) {
            assertThat(balancer.order(rooms, "shop", "u")).containsExactlyInAnyOrderElementsOf(rooms);
        }
        assertThat(balancer.order(List.of(), "shop", "u")).isEmpty();
    }

    @Test
    void smoothWeightedSpreadsTheTurnsOfTheHeavyOne() {
        assertThat(firsts(new SmoothWeighted(), FIVE_ONE_ONE, 14))
                .isEqualTo(Arrays.asList("a a b a c a a a a b a c a a".split(" ")));
        assertThat(firsts(new SmoothWeighted(), FIVE_ONE_ONE.reversed(), 7))
                .as("whatever order the members are told in")
                .isEqualTo(Arrays.asList("a a b a c a a".split(" ")));
    }

    @Test
    void smoothWeightedGoesOnWithThoseThatAreThere() {
        SmoothWeighted balancer = new SmoothWeighted();
        firsts(balancer, FIVE_ONE_ONE, 3);
        List<Node> two = FIVE_ONE_ONE.subList(1, 3);
        assertThat(firsts(balancer, two, 100)).containsOnly("b", "c");
        List<String> back = firsts(balancer, FIVE_ONE_ONE, 70);
        assertThat(back.stream().filter("a"::equals)).hasSizeBetween(48, 52);
    }

    @Test
    void roundRobinBeginsWithTheNextOneEachTime() {
        RoundRobin balancer = new RoundRobin();
        List<Node> rooms = new ArrayList<>(FIVE_ONE_ONE);
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Node> order = balancer.order(rooms, "shop", "u" + i);
            firsts.add(order.getFirst().instance() + order.getLast().instance());
            Collections.shuffle(rooms, new Random(i));
        }
        assertThat(firsts).containsExactly("ac", "ba", "cb", "ac", "ba", "cb");
    }

    @Test
    void randomIsFirstAsOftenAsTheWeightSays() {
        Map<String, Integer> shares = new HashMap<>();
        firsts(new RandomOrder(), FIVE_ONE_ONE, 7_000).forEach(first -> shares.merge(first, 1, Integer::sum));
        assertThat(shares.get("a")).isBetween(4_700, 5_300);
        assertThat(shares.get("b")).isBetween(800, 1_200);
        assertThat(shares.get("c")).isBetween(800, 1_200);
    }
}
