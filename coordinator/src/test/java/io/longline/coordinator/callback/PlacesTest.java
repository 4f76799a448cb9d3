package io.longline.coordinator.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places(8);
    private final Places.Share slow = new Places.Share("slow");
    private final Places.Share other = new Places.Share("other");
    private final Places.Share third = new Places.Share("third");
    private final List<String> woken = new ArrayList<>();

    private int takeAll(Places.Share share, String name) {
        int taken = 0;
        while (places.enter(share, () -> woken.add(name))) {
            taken++;
        }
        return taken;
    }

    @Test
    void oneAloneTakesHalfAndLeavesTheRestToOthers() {
        assertThat(takeAll(slow, "slow")).isEqualTo(4);
        assertThat(takeAll(other, "other")).isEqualTo(2);
        assertThat(takeAll(third, "third")).isEqualTo(1);
        assertThat(takeAll(new Places.Share("fourth"), "fourth")).isEqualTo(1);
        assertThat(takeAll(new Places.Share("fifth"), "fifth")).isZero();
        assertThat(places.size()).isEqualTo(8);
        assertThat(places.waits()).isEqualTo(5);
    }

    @Test
    void whoMayIsToldWhenAPlaceIsFreeAndWhoMayNotYetIsNot() {
        takeAll(slow, "slow");
        takeAll(other, "other");
        takeAll(third, "third");
        takeAll(new Places.Share("fourth"), "fourth");
        Places.Share late = new Places.Share("late");
        assertThat(takeAll(late, "late")).isZero();

        places.leave(slow);
        assertThat(woken).as("the others have as many as are free").containsExactly("late");
        places.leave(slow);
        assertThat(woken).containsExactly("late", "third", "fourth");
    }

    @Test
    void severalOfOneProductLeaveAQuarterToOthers() {
        Places.Share second = new Places.Share("slow");
        assertThat(takeAll(slow, "slow")).isEqualTo(4);
        assertThat(takeAll(second, "second")).isEqualTo(2);
        assertThat(takeAll(new Places.Share("slow"), "more")).isZero();
        assertThat(takeAll(other, "other")).isEqualTo(1);

        places.leave(slow);
        assertThat(woken).containsExactly("more", "other");
        assertThat(places.enter(second, () -> {})).isFalse();
        assertThat(places.enter(new Places.Share("slow"), () -> {})).isTrue();
    }

    @Test
    void whoIsToldAndNeedsNoneLeavesItToTheNext() {
        Places one = new Places(1);
        assertThat(one.enter(slow, () -> {})).isTrue();
        assertThat(one.enter(other, () -> woken.add("idle"))).isFalse();
        assertThat(one.enter(third, () -> woken.add("busy"))).isFalse();
        one.leave(slow);
        assertThat(woken).containsExactly("idle", "busy");
    }

    @Test
    void whoBeginsToWaitWhileOthersAreToldIsNotForgotten() {
        Places one = new Places(1);
        assertThat(one.enter(slow, () -> {})).isTrue();
        assertThat(one.enter(
                        other,
                        () -> assertThat(one.enter(other, () -> woken.add("again")))
                                .isTrue()))
                .isFalse();
        assertThat(one.enter(third, () -> woken.add("third"))).isFalse();
        one.leave(slow);
        assertThat(woken).isEmpty();
        one.leave(other);
        assertThat(woken).containsExactly("third");
    }

    @Test
    void whoWaitsTwiceIsToldOnce() {
        Places one = new Places(1);
        Runnable told = () -> woken.add("told");
        assertThat(one.enter(slow, told)).isTrue();
        assertThat(one.enter(other, told)).isFalse();
        assertThat(one.enter(other, told)).isFalse();
        one.leave(slow);
        assertThat(woken).containsExactly("told");
        assertThat(one.waits()).isEqualTo(1);
    }
}
