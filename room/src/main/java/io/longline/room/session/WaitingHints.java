package io.longline.room.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** The hints of one session that are answered after a load. There are at most as many as the session's window. */
final class WaitingHints {
    private final List<Waiting> hints = new ArrayList<>(1);

    private record Waiting(long seq, Consumer<HintOutcome> answer) {}

    int size() {
        return hints.size();
    }

    void add(long seq, Consumer<HintOutcome> answer) {
        hints.add(new Waiting(seq, answer));
    }

    /** Answers those up to a seq, each as it deserves. */
    void answerUpTo(long sent, LongFunction<HintOutcome> outcome) {
        hints.removeIf(hint -> {
            boolean due = hint.seq <= sent;
            if (due) {
                hint.answer.accept(outcome.apply(hint.seq));
            }
            return due;
        });
    }

    void answerAll(HintOutcome outcome) {
        hints.forEach(hint -> hint.answer.accept(outcome));
        hints.clear();
    }
}
