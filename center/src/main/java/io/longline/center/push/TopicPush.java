package io.longline.center.push;

import java.time.Duration;

/**
 * One message to a topic, as a back end asked for it.
 *
 * @param idGiven whether the back end chose the id, and so may repeat the push
 * @param ttl for how long it stays in the log, which may be less than the options have
 * @param payload as it was asked for, also where it does not travel ({@link PushOptions#notifyOnly})
 */
public record TopicPush(
        String product,
        String topic,
        String messageId,
        boolean idGiven,
        Payload payload,
        PushOptions options,
        Duration ttl,
        boolean validateOnly) {

    /** What travels; {@code sentAtMs} 0: when it is stored. */
    public Outgoing outgoing(long sentAtMs) {
        Payload travels = options.notifyOnly() ? Payload.NONE : payload;
        return new Outgoing(messageId, travels, options.withTtl(ttl), sentAtMs, "");
    }

    /** What "the same body" means: {@link BodyDigest}. */
    public byte[] bodyHash() {
        return BodyDigest.ofTopic(topic).end(payload, options);
    }
}
