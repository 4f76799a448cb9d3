package io.longline.bench.presence;

import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is said of clients that stand still, compared with what they know of themselves.
 *
 * @param emptiedMs when an empty Redis took the place of the one that was; 0: it never did. Of whom was told to be online before, and was gone
 *     when it had been filled again, nobody knows any more that it was told: a receiver of callbacks has to look for itself
 */
record Agreement(Standing standing, ToldBook book, long emptiedMs) {
    private static final int SEQ_PER_MS = 1_024;

    private String words(int client, String said) {
        String user = Crowds.user(client);
        return "%s is %s since %d, and %s; told: %s"
                .formatted(
                        user,
                        standing.isBound(client) ? "connected" : "away",
                        standing.changedMs(client),
                        said,
                        book.historyOf(user));
    }

    /** By what the callback was told last. */
    List<String> ofCallback() {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < standing.clients(); i++) {
            if (isToldOnline(i) != standing.isBound(i) && !isLost(i)) {
                wrong.add(words(i, "was told otherwise"));
            }
        }
        return wrong;
    }

    private boolean isToldOnline(int client) {
        return book.last(Crowds.user(client)).map(ToldBook.Event::isOnline).orElse(false);
    }

    private boolean isLost(int client) {
        Optional<ToldBook.Event> last = book.last(Crowds.user(client));
        return !standing.isBound(client)
                && last.isPresent()
                && last.get().isOnline()
                && last.get().seq() / SEQ_PER_MS <= emptiedMs;
    }

    /** Those of whom Redis has lost that they were told to be online. */
    List<Integer> lost() {
        List<Integer> lost = new ArrayList<>();
        for (int i = 0; i < standing.clients(); i++) {
            if (isLost(i)) {
                lost.add(i);
            }
        }
        return lost;
    }

    /** By whoever read the log. */
    List<String> ofLog(String reader, Set<String> online) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < standing.clients(); i++) {
            if (online.contains(Crowds.user(i)) != standing.isBound(i)) {
                wrong.add(words(i, reader + " says otherwise"));
            }
        }
        return wrong;
    }

    /** By center; of who is connected nobody was told a newer session than center knows. */
    List<String> ofDirectory(List<Directory.Listed> listed) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < standing.clients(); i++) {
            Directory.Listed user = listed.get(i);
            long told =
                    book.last(Crowds.user(i)).map(ToldBook.Event::generation).orElse(0L);
            if (user.isOnline() != standing.isBound(i)) {
                wrong.add(words(i, "users:batchGet says otherwise, of generation " + user.generation()));
            } else if (user.isOnline() && told > user.generation()) {
                wrong.add(words(i, "users:batchGet knows generation " + user.generation() + ", an older one"));
            }
        }
        return wrong;
    }
}
