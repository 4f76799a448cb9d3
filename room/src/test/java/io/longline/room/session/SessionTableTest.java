package io.longline.room.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final Endpoint ENDPOINT = new Endpoint("demo", "u1", "phone");

    private final SessionTable table = new SessionTable(200);
    private final LinkSessions sessions = new LinkSessions(new TestLink(new TestLoop()), table);

    private Session add(long endsAtMs) {
        return requireNonNull(sessions.add(1, ENDPOINT, 1, endsAtMs));
    }

    @Test
    void theNextOneIsShownInTurnAndOfThoseThatAreWantedAlone() {
        Session first = add(1);
        Session second = add(1);
        Session third = add(1);
        boolean _ = table.remove(second);

        assertThat(table.next(_ -> true)).isSameAs(first);
        assertThat(table.next(_ -> true)).isSameAs(third);
        assertThat(table.next(_ -> true)).isSameAs(first);
        assertThat(table.next(session -> session != third)).isSameAs(first);
        assertThat(table.next(_ -> false)).isNull();
        assertThat(new SessionTable(1).next(_ -> true)).isNull();
    }

    @Test
    void aPlaceNamesItsSessionAndNeverALaterOne() {
        Session first = add(1);
        int slot = first.slot();
        int generation = first.slotGeneration();
        assertThat(table.find(slot, generation)).isSameAs(first);

        assertThat(table.remove(first)).isTrue();
        assertThat(table.remove(first)).isFalse();
        Session second = add(1);

        assertThat(second.slot()).isEqualTo(slot);
        assertThat(table.find(slot, generation)).isNull();
        assertThat(table.find(slot, second.slotGeneration())).isSameAs(second);
        assertThat(first.isEnded()).isTrue();
        assertThat(table.find(-1, 0)).isNull();
        assertThat(table.find(1_000_000, 1)).isNull();
    }

    @Test
    void whoeverKeepsSomethingOfASessionIsToldOnceWhenItEnds() {
        List<Session> told = new ArrayList<>();
        table.onEnd(told::add);
        Session first = add(1);
        Session _ = add(1);

        boolean _ = table.remove(first);
        boolean _ = table.remove(first);

        assertThat(told).containsExactly(first);
    }

    @Test
    void itGrowsToItsCapacityAndNoFurther() {
        List<Session> all = IntStream.range(0, 200).mapToObj(i -> add(1)).toList();

        assertThat(sessions.add(1, ENDPOINT, 1, 1)).isNull();
        assertThat(all).extracting(Session::slot).doesNotHaveDuplicates();

        table.remove(all.get(77));
        assertThat(add(1).slot()).isEqualTo(77);
        assertThat(table.size()).isEqualTo(200);
    }

    @Test
    void theSweepFindsEachEndedTokenOnceInARound() {
        IntStream.range(0, 100).forEach(i -> add(i < 40 ? 1_000 : 9_000));
        Session renewed = requireNonNull(table.find(3, 1));
        table.renew(renewed, 9_000);
        List<Session> ended = new ArrayList<>();

        IntStream.range(0, 10).forEach(slice -> table.sweep(10, 1_000, ended::add));

        assertThat(ended).hasSize(39).doesNotContain(renewed).doesNotHaveDuplicates();
    }

    @Test
    void sessionsMayBeRemovedWhileTheyAreVisited() {
        IntStream.range(0, 10).forEach(i -> add(1));

        table.forEach(2, 5, table::remove);

        assertThat(table.size()).isEqualTo(7);
        assertThat(table.slots()).isEqualTo(10);
    }
}
