package io.longline.saver.schedule;

import io.longline.saver.endpoint.CopyState;

/**
 * A target that a message never went to.
 *
 * @param target {@code user/device}, or {@code user/}
 * @param end EXPIRED: not before its time was over; DROPPED: it could not
 */
record Unreached(String target, CopyState end) {}
