package io.longline.room.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

    void writtenUpTo(long sent) {
        hints.removeIf(hint -> {
            boolean written = hint.seq <= sent;
            if (written) {
                hint.answer.accept(HintOutcome.WRITTEN);
            }
            return written;
        });
    }

    void answerAll(HintOutcome outcome) {
        hints.forEach(hint -> hint.answer.accept(outcome));
        hints.clear();
    }
}
