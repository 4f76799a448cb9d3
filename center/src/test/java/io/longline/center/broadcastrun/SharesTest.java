package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final Set<String> BOTH = Set.of("a", "b");

    private long nanos = 1_000;
    private long number;
    private final Map<String, Long> askedLast = new HashMap<>();
    private final Shares<String> shares = new Shares<>(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** What each of those has that is asked now; nobody has answered that yet. */
    private Map<String, Integer> ask(int pace, Set<String> members, String... rooms) {
        Map<String, Integer> next = shares.next(pace, members, List.of(rooms));
        next.forEach(this::ask);
        return next;
    }

    private void ask(String room, int perS) {
        shares.asked(room, ++number, perS);
        askedLast.put(room, number);
    }

    private Map<String, Integer> askBoth(int pace) {
        return ask(pace, BOTH, "a", "b");
    }

    /** What it was asked last. */
    private void answer(String room, long left) {
        shares.answered(room, askedLast.getOrDefault(room, 0L), left);
    }

    private void answerBoth(long left, long leftOfOther) {
        answer("a", left);
        answer("b", leftOfOther);
    }

    @Test
    void whoHasNotSaidHowManyAreLeftHasNone() {
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 0, "b", 0));
        assertThat(shares.isClear()).isTrue();
        answer("a", 10);
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 100, "b", 0));
    }

    @Test
    void eachHasItsPartByWhoIsLeft() {
        answerBoth(300, 100);
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 75, "b", 25));
    }

    @Test
    void withoutAPaceEachIsAsFastAsItCan() {
        assertThat(askBoth(0)).containsExactlyInAnyOrderEntriesOf(Map.of("a", Shares.UNLIMITED, "b", Shares.UNLIMITED));
    }

    @Test
    void whatOneLosesTheOtherHasWhenASecondHasPassedSinceItsAnswer() {
        answerBoth(300, 100);
        askBoth(100);
        answerBoth(100, 300);

        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 25, "b", 25));
        answer("a", 100);
        pass(Duration.ofMillis(900));
        assertThat(askBoth(100)).as("a second is looked at").containsEntry("b", 25);
        pass(Duration.ofMillis(100));
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 25, "b", 75));
    }

    @Test
    void whatNobodyAnsweredCountsUntilItIsOverWhereverItLay() {
        answerBoth(300, 100);
        askBoth(100);
        shares.unanswered("a");

        pass(Duration.ofMillis(4_900));
        assertThat(ask(100, BOTH, "b")).containsEntry("b", 25);
        pass(Duration.ofMillis(100));
        assertThat(ask(100, BOTH, "b")).containsEntry("b", 100);
    }

    @Test
    void theLateAnswerToAnEarlierRequestEndsNothingThatWasAskedAfterIt() {
        answer("a", 10);
        ask(100, Set.of("a"), "a");
        long first = number;
        ask(40, Set.of("a"), "a");
        shares.answered("a", first, 10);
        pass(Duration.ofSeconds(2));

        assertThat(ask(100, BOTH, "b")).containsEntry("b", 0);
        answer("b", 1_000_000);
        assertThat(ask(100, BOTH, "b")).as("a may have either share").containsEntry("b", 0);
    }

    @Test
    void ofSeveralSharesThatMayBeARoomsTheGreatestCounts() {
        answer("a", 10);
        ask(30, Set.of("a"), "a");
        ask(70, Set.of("a"), "a");
        ask(20, Set.of("a"), "a");
        answer("b", 1_000_000);

        assertThat(ask(100, Set.of("a", "b"), "b")).containsEntry("b", 30);
    }

    @Test
    void aRoomThatIsGoneKeepsWhatItHadUntilThatIsOver() {
        answerBoth(100, 100);
        askBoth(100);
        answerBoth(100, 100);

        assertThat(ask(100, Set.of("b"), "b")).containsEntry("b", 50);
        pass(Shares.LONGEST);
        assertThat(ask(100, Set.of("b"), "b")).containsEntry("b", 100);
    }

    @Test
    void aRoomThatJoinsHasItsPartWhenTheOthersHaveGivenItAway() {
        answer("a", 100);
        ask(100, Set.of("a"), "a");
        answer("a", 100);
        askBoth(100);
        answerBoth(100, 100);

        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 50, "b", 0));
        answerBoth(100, 100);
        pass(Duration.ofSeconds(1));
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 50, "b", 50));
    }

    @Test
    void aSmallerPaceCountsAtOnceAndAGreaterOneToo() {
        answerBoth(100, 100);
        askBoth(100);
        assertThat(askBoth(20)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 10, "b", 10));
        answerBoth(100, 100);
        assertThat(askBoth(60)).as("those of before count for a second").containsEntry("a", 30);
        answerBoth(100, 100);
        pass(Duration.ofSeconds(1));
        assertThat(askBoth(200)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 100, "b", 100));
    }

    @Test
    void aPaceAfterNoneWaitsUntilNobodyIsAsFastAsItCan() {
        askBoth(0);
        answerBoth(100, 100);
        assertThat(askBoth(10)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 5, "b", 5));
        answer("a", 100);
        pass(Duration.ofSeconds(1));
        assertThat(ask(10, Set.of("a", "b", "c"), "c")).containsEntry("c", 0);
        answer("c", 100);
        assertThat(ask(10, Set.of("a", "b", "c"), "c"))
                .as("b may be as fast as it can")
                .containsEntry("c", 0);
    }

    @Test
    void nobodySendsWhileOthersMay() {
        shares.othersSend(Duration.ofSeconds(5));
        answerBoth(100, 100);
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 0, "b", 0));
        assertThat(shares.isClear()).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(shares.isClear()).isTrue();
        assertThat(askBoth(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 50, "b", 50));
    }

    @Test
    void itIsClearASecondAfterAllHaveAnsweredThatTheyRest() {
        answerBoth(100, 100);
        askBoth(100);
        ask("a", 0);
        ask("b", 0);
        answer("a", 100);
        pass(Duration.ofSeconds(1));
        assertThat(shares.isClear()).isFalse();
        answer("b", 100);
        assertThat(shares.isClear()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(shares.isClear()).isTrue();
    }

    @Test
    void itIsDoneWhenEveryMemberHasNobodyLeft() {
        assertThat(shares.isDone(Set.of())).isTrue();
        assertThat(shares.isDone(BOTH)).isFalse();
        answerBoth(0, 1);
        assertThat(shares.isDone(BOTH)).isFalse();
        answer("b", 0);
        assertThat(shares.isDone(BOTH)).isTrue();
        assertThat(shares.isDone(Set.of("a", "b", "c"))).isFalse();
        shares.unanswered("a");
        assertThat(shares.isDone(BOTH)).isFalse();
        assertThat(shares.isDone(Set.of("b"))).isTrue();
    }

    @Test
    void whatWasAnsweredForAnotherCanarySaysNothingOfWhoIsLeft() {
        answerBoth(0, 0);
        shares.forgetLeft();
        assertThat(shares.isDone(BOTH)).isFalse();
        shares.answered("a", ++number);
        answer("b", 0);
        assertThat(shares.isDone(BOTH)).isFalse();
        assertThat(askBoth(100)).containsEntry("a", 0);
    }

    @Test
    void atALowPaceRoomsTakeTurnsAndNoneIsForgotten() {
        Set<String> members = Set.of("a", "b", "c");
        members.forEach(room -> answer(room, 1_000));
        Map<String, Integer> turns = new TreeMap<>();
        for (int i = 0; i < 240; i++) { // two minutes
            Map<String, Integer> next = ask(1, members, "a", "b", "c");
            next.forEach((room, perS) -> turns.merge(room, perS, Integer::sum));
            assertThat(next.values().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(1);
            members.forEach(room -> answer(room, 1_000));
            pass(Duration.ofMillis(500));
        }
        assertThat(turns).containsOnlyKeys("a", "b", "c");
        assertThat(turns.values())
                .as("%s", turns)
                .allSatisfy(halves -> assertThat(halves).isBetween(50, 70));
        assertThat(turns.values().stream().mapToInt(Integer::intValue).sum())
                .as("a turn is worth the second in which nobody sends")
                .isGreaterThan(160);
    }
}
