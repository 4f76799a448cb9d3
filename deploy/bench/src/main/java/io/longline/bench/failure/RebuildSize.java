package io.longline.bench.failure;

/**
 * What is to be rebuilt.
 *
 * @param sessions bound on real links
 * @param perLink of them on one link
 * @param messages waiting, for users who are away
 * @param perUser of them for one user
 */
public record RebuildSize(int sessions, int perLink, int messages, int perUser) {
    static final int MOST_PER_LINK = 64;

    public RebuildSize {
        if (sessions < 0 || messages < 0 || perUser < 1 || perLink < 1 || perLink > MOST_PER_LINK) {
            throw new IllegalArgumentException(
                    "sessions and messages must be at least 0, messages of a user at least 1, and"
                            + " sessions of a link 1 to " + MOST_PER_LINK);
        }
    }

    int links() {
        return Math.ceilDiv(sessions, perLink);
    }

    int users() {
        return Math.ceilDiv(messages, perUser);
    }

    /** Of the user with this number. */
    int messagesOf(int user) {
        return Math.min(perUser, messages - user * perUser);
    }

    static String away(int index) {
        return "away-" + index;
    }
}
