package io.longline.center.push;

import java.time.Duration;

/**
 * How a push is to be sent, after defaults.
 *
 * @param qos 0: to who is connected now; 1: stored, at least once
 * @param ttl how long it may wait; zero: now or never
 * @param inReplyTo the uplink that it answers; "": none, likewise {@code pullKey} and {@code collapseKey}
 * @param notifyOnly the payload does not travel: the app pulls what it needs
 * @param spread within which it does so, at a random moment; zero: at once
 * @param sendAtMs when it is to be sent, by the store's clock, in ms since 1970; what has passed, and 0: at once
 * @param ackWait how long the answer may wait for acks; no part of the message
 */
public record PushOptions(
        int qos,
        Duration ttl,
        Priority priority,
        DeviceChoice devices,
        String inReplyTo,
        String pullKey,
        String collapseKey,
        boolean notifyOnly,
        Duration spread,
        long sendAtMs,
        Duration ackWait) {

    public static final Duration DEFAULT_TTL = Duration.ofDays(1);
    public static final Duration MAX_TTL = Duration.ofDays(30);
    /** Of {@code sendAtMs}, from now on. */
    public static final Duration MAX_AHEAD = Duration.ofDays(30);

    public static final Duration MAX_WAIT = Duration.ofSeconds(10);

    public static final Duration MAX_SPREAD = Duration.ofDays(1);

    public static final PushOptions USUAL = new PushOptions(
            1, DEFAULT_TTL, Priority.NORMAL, DeviceChoice.ALL, "", "", "", false, Duration.ZERO, 0, Duration.ZERO);

    /** The same for another time to live. */
    public PushOptions withTtl(Duration newTtl) {
        return new PushOptions(
                qos, newTtl, priority, devices, inReplyTo, pullKey, collapseKey, notifyOnly, spread, sendAtMs, ackWait);
    }

    public boolean nowOrNever() {
        return ttl.isZero();
    }
}
