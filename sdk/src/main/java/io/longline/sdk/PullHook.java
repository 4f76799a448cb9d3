package io.longline.sdk;

/**
 * Where an app pulls, from its own back end, what a message without payload ({@link Message#notifyOnly()}) is about. Calls come on the
 * same thread as those to the {@link MessageListener}, one at a time, at a random moment within the message's {@link Message#spreadS()};
 * meanwhile other messages go on.
 */
@FunctionalInterface
public interface PullHook {
    /** What became of one call. */
    enum Answer {
        /** The message is finished with, and never comes again. */
        DONE,

        /**
         * The back end does not have it yet, or cannot be reached. The hook is asked again, with waits that grow from a second to a
         * minute, until the message's time to live ends ({@link ConnectionListener#onPullExpired}).
         */
        NOT_YET
    }

    /**
     * Pulls by {@link Message#pullKey()}, or by {@link Message#messageId()} where there is none. It delays the messages behind it as a listener
     * does; an app that needs long hands the work to a thread of its own and answers {@link Answer#NOT_YET} until that is done.
     *
     * @param message with {@link Message#maybeRepeated()} from the second call on, also over restarts of the app
     * @throws Exception as if it answered {@link Answer#NOT_YET}, and told to {@link ConnectionListener#onFailed}
     */
    Answer pull(Message message) throws Exception;
}
