package io.longline.center.push;

/** A message on its way: what of a push travels, with its times fixed. */
public record Outgoing(String id, Payload payload, PushOptions options, long sentAtMs) {

    /**
     * The push, sent at that time.
     *
     * @param sentAtMs for a claimed id the time of its first claim, so that a push that is run again makes the same message
     */
    public static Outgoing of(Push push, long sentAtMs) {
        Payload payload = push.options().notifyOnly() ? Payload.NONE : push.payload();
        return new Outgoing(push.messageId(), payload, push.options(), sentAtMs);
    }

    /** Equal to {@code sentAtMs}: now or never. */
    public long expiresAtMs() {
        return sentAtMs + options.ttl().toMillis();
    }
}
