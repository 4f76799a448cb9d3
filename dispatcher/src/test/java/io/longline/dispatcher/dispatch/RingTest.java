package io.longline.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.discovery.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final int USERS = 20_000;

    private final Ring ring = new Ring();

    private String first(List<Node> rooms, int user) {
        return ring.order(rooms, "shop", "user-" + user).getFirst().instance();
    }

    private Map<String, Integer> shares(List<Node> rooms) {
        Map<String, Integer> shares = new HashMap<>();
        for (int user = 0; user < USERS; user++) {
            shares.merge(first(rooms, user), 1, Integer::sum);
        }
        return shares;
    }

    @Test
    void everyRoomIsInTheOrderOnce() {
        List<Node> rooms = Rooms.many(7);

        assertThat(ring.order(rooms, "shop", "u")).containsExactlyInAnyOrderElementsOf(rooms);
        assertThat(ring.order(List.of(), "shop", "u")).isEmpty();
    }

    @Test
    void theOrderDependsOnTheUserAndNotOnTheListedOrder() {
        List<Node> rooms = Rooms.many(7);

        assertThat(ring.order(rooms.reversed(), "shop", "u")).isEqualTo(ring.order(rooms, "shop", "u"));
        assertThat(shares(rooms)).hasSize(7);
    }

    @Test
    void usersAreSpreadEvenly() {
        assertThat(shares(Rooms.many(10)).values())
                .allSatisfy(share -> assertThat(share).isBetween(USERS / 10 * 85 / 100, USERS / 10 * 115 / 100));
    }

    @Test
    void usersAreSpreadByWeight() {
        List<Node> rooms = List.of(Rooms.room("heavy", 300, 7100), Rooms.room("light", 100, 7101));

        assertThat(shares(rooms).get("heavy")).isBetween(USERS * 72 / 100, USERS * 78 / 100);
    }

    @Test
    void aRoomThatJoinsTakesOnlyItsShareAndNobodyElseMoves() {
        List<Node> before = Rooms.many(9);
        List<Node> after = Rooms.many(10);
        int moved = 0;
        for (int user = 0; user < USERS; user++) {
            String was = first(before, user);
            String is = first(after, user);
            if (!was.equals(is)) {
                assertThat(is).isEqualTo("room-10");
                moved++;
            }
        }

        assertThat(moved).isBetween(USERS * 85 / 1000, USERS * 115 / 1000);
    }

    @Test
    void theUsersOfARoomThatLeavesAreSpreadOverAllOthers() {
        List<Node> before = Rooms.many(10);
        List<Node> after = new ArrayList<>(before);
        after.removeIf(room -> room.instance().equals("room-4"));
        Map<String, Integer> inherited = new HashMap<>();
        for (int user = 0; user < USERS; user++) {
            if (first(before, user).equals("room-4")) {
                inherited.merge(first(after, user), 1, Integer::sum);
            } else {
                assertThat(first(after, user)).isEqualTo(first(before, user));
            }
        }

        assertThat(inherited).hasSize(9);
        assertThat(inherited.values()).allSatisfy(share -> assertThat(share).isBetween(150, 310));
    }

    @Test
    void theSecondChoiceIsWhereAUserGoesWhenTheFirstLeaves() {
        List<Node> rooms = Rooms.many(5);
        List<Node> order = ring.order(rooms, "shop", "u1");
        List<Node> others = new ArrayList<>(rooms);
        others.remove(order.getFirst());

        assertThat(ring.order(others, "shop", "u1")).isEqualTo(order.subList(1, 5));
    }
}
