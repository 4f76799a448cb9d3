package io.longline.deploy.check;

/** One topic in one session. */
final class SessionTopic {
    /** The last offset that came, or behind which messages were said to come; -1: nothing was said. */
    long position = -1;

    /** The offset that the bind named; -1: none, or the client has wished something since. */
    long named = -1;

    /** The same, whatever the client has wished since: the answer to the bind may come after that. */
    private long namedByBind = -1;

    /** When the client said that it follows no longer, and has said nothing else since; -1: it did not. */
    long leftAt = -1;

    private int toFollow;
    private int toLeave;

    /** The bind names an offset. */
    void named(long after) {
        named = after;
        namedByBind = after;
    }

    long namedByBind() {
        return namedByBind;
    }

    void begun(boolean follow, long at) {
        leftAt = follow ? -1 : at;
        named = -1;
        if (follow) {
            toFollow++;
        } else {
            toLeave++;
        }
    }

    /** What the client wished of the endpoint comes to its end; who is not told in so many words may be told late. */
    void over(boolean follow, FollowCase endpoint, long at) {
        int open = follow ? toFollow : toLeave;
        for (int i = 0; i < open; i++) {
            endpoint.doubts(follow, at);
            endpoint.over(follow, at);
        }
        if (follow) {
            toFollow = 0;
        } else {
            toLeave = 0;
        }
    }
}
