package io.longline.center.unicast;

import io.longline.center.push.Payload;
import io.longline.center.push.Push;
import io.longline.center.push.PushOptions;

/** A message on its way: what of a push travels, with its times fixed. */
public record Outgoing(String id, Payload payload, PushOptions options, long sentAtMs) {

    /** @param sentAtMs for a claimed id the time of its first claim, so that a push that is run again makes the same message */
    static Outgoing of(Push push, long sentAtMs) {
        return new Outgoing(push.messageId(), push.payload(), push.options(), sentAtMs);
    }

    /** Equal to {@code sentAtMs}: now or never. */
    public long expiresAtMs() {
        return sentAtMs + options.ttl().toMillis();
    }
}
