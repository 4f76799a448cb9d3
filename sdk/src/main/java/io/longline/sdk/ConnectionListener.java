package io.longline.sdk;

/**
 * What happens around the messages. Calls come on the same thread as those to the {@link MessageListener}, in order with them; an exception
 * of theirs is given to {@link #onFailed} and otherwise ignored.
 */
public interface ConnectionListener {
    /** A room took us. {@code room} is its {@code HOST:PORT}. */
    default void onConnected(String room) {}

    /** The endpoint is bound: messages for it arrive here. */
    default void onBound(String product, String user) {}

    /** All messages that waited have been handed to the listener, up to {@code seq}. */
    default void onCaughtUp(String product, String user, long seq) {}

    /**
     * The room ended this endpoint, or refused to bind it; others on the link go on.
     *
     * @param code a close code of {@code PROTOCOL.md}, such as 3501: replaced by a newer session
     * @param comesBack whether the client tries again by itself
     */
    default void onUnbound(String product, String user, int code, String reason, boolean comesBack) {}

    /**
     * The link ended, or could not be opened.
     *
     * @param code a close code of {@code PROTOCOL.md}; 0 where the room said none, so that it or the network was lost
     * @param comesBack whether the client tries again by itself; false is the last call of this client
     */
    default void onClosed(int code, String reason, boolean comesBack) {}

    /**
     * A topic is followed, and its messages behind {@code offset} come from now on. Also told for each topic after a lost link, and of topics that the
     * app asked for in an earlier run; not of broadcasts.
     */
    default void onFollowing(String product, String user, String topic, long offset) {}

    /**
     * Messages of a topic, or broadcasts, that this endpoint was to get have left the log for lack of room. What comes next begins at {@code
     * firstOffset}.
     */
    default void onGap(String product, String user, String topic, long firstOffset) {}

    /**
     * Following a topic, or following it no longer, was refused, and the client does not ask again by itself; where it was followed, it is not any more.
     *
     * @param reason as in the HTTP API: {@code PERMISSION_DENIED} where the token does not allow it, {@code QUEUE_FULL} where too many are followed,
     *     {@code NOT_FOUND} where the back end has ended what was followed
     * @param message what the room says of it, for logs
     */
    default void onTopicRefused(String product, String user, String topic, String reason, String message) {}

    /** The time to live of a message ended before the {@link PullHook} was done with it: it will not be asked again. */
    default void onPullExpired(Message message) {}

    /** A listener, the pull hook, the token supplier, a socket factory or the state store threw. */
    default void onFailed(Throwable problem) {}
}
