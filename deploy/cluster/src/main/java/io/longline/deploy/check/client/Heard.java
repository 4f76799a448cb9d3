package io.longline.deploy.check.client;

import java.util.List;

/** What a room says on a link, in words that both forms of frames share. */
sealed interface Heard {

    record Welcome(List<Bound> bound) implements Heard {}

    /**
     * The answer to one bind.
     *
     * @param code of the refusal, 0 where it succeeded
     */
    record Bound(int ref, boolean ok, long generation, int code) implements Heard {}

    record Unbound(int ref, int code, String reason, boolean retry, long retryAfterMs) implements Heard {}

    /**
     * A message.
     *
     * @param inReplyTo empty where it is no reply
     */
    record Push(int ref, long seq, String messageId, String text, int qos, long ttlMs, String inReplyTo)
            implements Heard {}

    record UplinkAck(int ref, String id) implements Heard {}

    /**
     * An {@code error} that names an uplink.
     *
     * @param retryAfterMs 0: trying again makes no sense
     */
    record UplinkError(int ref, String id, String reason, long retryAfterMs) implements Heard {}

    record TopicPush(int ref, String topic, long offset, String messageId, String text, long ttlMs) implements Heard {}

    record Subscribed(int ref, String topic, long offset) implements Heard {}

    record Gap(int ref, String topic, long firstOffset) implements Heard {}

    /** An {@code error} that names a topic. */
    record TopicError(int ref, String topic, String reason) implements Heard {}

    record CaughtUp(int ref, long seq) implements Heard {}

    record Close(int code, String reason, boolean retry, long retryAfterMs) implements Heard {}

    /** {@code pong}, {@code settings}, {@code redirect}, other {@code error}s and what may come to be. */
    record Other(String kind) implements Heard {}
}
