package io.longline.sdk;

import io.longline.v1.Push;
import org.jspecify.annotations.Nullable;

/** One message, as the app gets it. */
public final class Message {
    private final String endpoint;
    private final String product;
    private final String user;
    private final Push push;
    private final boolean maybeRepeated;

    /** For the endpoint of that name in the {@link io.longline.sdk.state.StateStore}. */
    Message(String endpoint, String product, String user, Push push, boolean maybeRepeated) {
        this.endpoint = endpoint;
        this.product = product;
        this.user = user;
        this.push = push;
        this.maybeRepeated = maybeRepeated;
    }

    String endpoint() {
        return endpoint;
    }

    Push push() {
        return push;
    }

    /** Its seq, or in a topic its offset; 0 for one of QoS 0, which is kept nowhere. */
    long position() {
        return push.getOffset() != 0 ? push.getOffset() : push.getSeq();
    }

    /** This message once more. */
    Message repeated() {
        return new Message(endpoint, product, user, push, true);
    }

    /** The product that sent it. */
    public String product() {
        return product;
    }

    /** The user it was addressed to; of a topic's message or a broadcast the one who gets it. */
    public String user() {
        return user;
    }

    /** The id that its sender gave it, or that was made for it. */
    public String messageId() {
        return push.getMessageId();
    }

    /** Its position in the inbox, which only grows; 0 for a message that is in none (QoS 0, topics). */
    public long seq() {
        return push.getSeq();
    }

    /** The payload where it is text or JSON; null where it is bytes, or where there is none ({@link #notifyOnly()}). */
    public @Nullable String text() {
        return push.hasText() ? push.getText() : null;
    }

    /** The payload where it is bytes, a fresh array each time; null otherwise. */
    public byte @Nullable [] data() {
        return push.hasData() ? push.getData().toByteArray() : null;
    }

    /** When center took it, in milliseconds since 1970. */
    public long sentAtMs() {
        return push.getSentAtMs();
    }

    /** How many milliseconds it had to live when the room sent it. */
    public long ttlMs() {
        return push.getTtlMs();
    }

    /** A newer message with the same key replaces it; null without one. */
    public @Nullable String collapseKey() {
        return push.hasCollapseKey() ? push.getCollapseKey() : null;
    }

    /** {@code high}, {@code normal} or {@code low}. */
    public String priority() {
        return push.getPriority();
    }

    /** 1: stored until it is finished with; 0: sent to who was connected. */
    public int qos() {
        return push.getQos();
    }

    /** The id of the uplink that it answers; null where it answers none. */
    public @Nullable String inReplyTo() {
        return push.hasInReplyTo() ? push.getInReplyTo() : null;
    }

    /**
     * It came without payload: the app pulls what it is about from its own back end. Where the client has a {@link PullHook} that one gets it,
     * and not the listener.
     */
    public boolean notifyOnly() {
        return push.getNotifyOnly();
    }

    /** Within how many seconds, at a random moment, the sender wants it to be pulled; 0: at once. The {@link PullHook} is called so. */
    public int spreadS() {
        return push.getSpreadS();
    }

    /** What to pull from one's own back end; null without one. */
    public @Nullable String pullKey() {
        return push.hasPullKey() ? push.getPullKey() : null;
    }

    /** The topic it was sent to, of a broadcast one that begins with {@code *}; null where it was sent to the user. */
    public @Nullable String topic() {
        return push.hasTopic() ? push.getTopic() : null;
    }

    /** Its position in the topic; 0 without one. */
    public long offset() {
        return push.getOffset();
    }

    /**
     * The listener was called with this message before and did not return: the app was killed meanwhile, or it threw; or the pull hook was
     * called with it before and was not done. All other messages are handed over once.
     */
    public boolean maybeRepeated() {
        return maybeRepeated;
    }

    /** Names the message, never its payload. */
    @Override
    public String toString() {
        return "Message(" + messageId() + (offset() == 0 ? ", seq " + seq() : ", offset " + offset()) + ")";
    }
}
