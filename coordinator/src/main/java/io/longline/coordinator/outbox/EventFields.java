package io.longline.coordinator.outbox;

/** What the entries of streams call what they say; what not every kind has. */
public final class EventFields {
    /** What happened, where the kind does not say it: {@code presence.online}. */
    public static final String TYPE = "y";
    /** Which message. */
    public static final String MESSAGE_ID = "m";
    /** The seq that the event has for back ends, where that is not its own: of a message the one in its inbox. */
    public static final String SEQ = "s";
    /** Why. */
    public static final String REASON = "r";
    /** The client's id of an uplink. */
    public static final String UPLINK_ID = "i";
    /** What the payload is: {@link #TEXT} or {@link #DATA}. */
    public static final String PAYLOAD_KIND = "k";

    /** Of what died and was put back: the id that it had all along. */
    public static final String ID = "e";
    /** Likewise: when it happened. */
    public static final String HAPPENED_AT_MS = "a";

    public static final String TEXT = "text";
    public static final String DATA = "data";
    /** Where the session was that an uplink came from. */
    public static final String PLACE = "p";

    private EventFields() {}
}
