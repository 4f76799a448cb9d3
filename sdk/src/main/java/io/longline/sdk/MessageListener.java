package io.longline.sdk;

/** Where an app gets its messages, one after the other, in the order of the inbox, and those of a topic in the order of that. */
@FunctionalInterface
public interface MessageListener {
    /**
     * Handles one message. When this returns, the message is finished with: that is recorded, acknowledged, and it never comes again.
     * It may take its time; meanwhile the link is kept alive and the room holds further messages back.
     *
     * @throws Exception where the message could not be handled: the link is then closed and opened again after the usual wait, and the
     *     message comes again, with {@link Message#maybeRepeated()}. It blocks those behind it, so a listener that will never be able to
     *     handle a message should return. A QoS 0 message does not come again.
     */
    void onMessage(Message message) throws Exception;
}
