package io.longline.sdk;

import io.longline.v1.ClientFrame;
import io.longline.v1.PresenceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one endpoint asks of who is online: one question at a time, asked again on the next link where one is lost. Any thread may call. */
final class Presence {
    private final int ref;
    private final Object saying = new Object();
    private @Nullable Question question;
    /** The link on which it was asked. */
    private @Nullable Object saidOn;

    private boolean ended;

    private static final class Question {
        final List<String> users;
        final CompletableFuture<List<UserPresence>> answer = new CompletableFuture<>();

        Question(List<String> users) {
            this.users = users;
        }
    }

    Presence(int ref) {
        this.ref = ref;
    }

    // ---- the app ----

    /** Fails at once where another waits; one that was just answered does not, though {@link #forget} may not have run yet. */
    CompletableFuture<List<UserPresence>> ask(List<String> users) {
        Question mine = new Question(Collections.unmodifiableList(new ArrayList<>(users)));
        PresenceRefused refused = null;
        synchronized (saying) {
            if (ended) {
                refused = closed();
            } else if (question != null && !question.answer.isDone()) {
                refused = new PresenceRefused("QUEUE_FULL", "another question waits", 0);
            } else {
                question = mine;
                saidOn = null;
            }
        }
        if (refused != null) {
            mine.answer.completeExceptionally(refused);
        }
        var unused = mine.answer.whenComplete((answer, problem) -> forget(mine)); // also where nobody waits any more
        return mine.answer;
    }

    private void forget(Question over) {
        synchronized (saying) {
            if (question == over) {
                question = null;
            }
        }
    }

    // ---- the client ----

    /** Whether there is something to say on that link. */
    boolean isDue(Object link) {
        synchronized (saying) {
            return question != null && !link.equals(saidOn);
        }
    }

    /** Asks, if it was not asked on this link. */
    void say(Object link, Uplinks.Writer writer) throws IOException {
        Question due;
        synchronized (saying) {
            due = question;
            if (due == null || link.equals(saidOn)) {
                return;
            }
            saidOn = link;
        }
        writer.write(ClientFrame.newBuilder()
                .setPresence(io.longline.v1.Presence.newBuilder().setRef(ref).addAllUsers(due.users))
                .build());
    }

    /** An answer about others is to a question that nobody waits for any more. */
    void answered(PresenceState state) {
        List<String> users = state.getUsersList().stream()
                .map(io.longline.v1.UserPresence::getUser)
                .collect(Collectors.toList());
        Question asked = said();
        if (asked != null && asked.users.equals(users)) {
            asked.answer.complete(state.getUsersList().stream()
                    .map(UserPresence::new)
                    .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList)));
        }
    }

    void refused(String reason, String message, long retryAfterMs) {
        Question asked = said();
        if (asked != null) {
            asked.answer.completeExceptionally(new PresenceRefused(reason, message, retryAfterMs));
        }
    }

    private @Nullable Question said() {
        synchronized (saying) {
            return saidOn == null ? null : question;
        }
    }

    void linkLost() {
        synchronized (saying) {
            saidOn = null;
        }
    }

    /** Nothing more is asked. */
    void end() {
        Question left;
        synchronized (saying) {
            ended = true;
            left = question;
        }
        if (left != null) {
            left.answer.completeExceptionally(closed());
        }
    }

    private static PresenceRefused closed() {
        return new PresenceRefused("CLOSED", "the client or its endpoint has ended", 0);
    }
}
