package io.longline.center.push;

/**
 * A message on its way: what of a push travels, with its times fixed.
 *
 * @param jobId of the job that it is of, which knows to whom it went; "": none, and its record does
 */
public record Outgoing(String id, Payload payload, PushOptions options, long sentAtMs, String jobId) {

    /**
     * The push, sent at that time.
     *
     * @param sentAtMs for a claimed id the time of its first claim, so that a push that is run again makes the same message
     */
    public static Outgoing of(Push push, long sentAtMs) {
        return ofJob(push, sentAtMs, "");
    }

    /** The same, as a part of a job. */
    public static Outgoing ofJob(Push push, long sentAtMs, String jobId) {
        Payload payload = push.options().notifyOnly() ? Payload.NONE : push.payload();
        return new Outgoing(push.messageId(), payload, push.options(), sentAtMs, jobId);
    }

    /** Equal to {@code sentAtMs}: now or never. */
    public long expiresAtMs() {
        return sentAtMs + options.ttl().toMillis();
    }
}
