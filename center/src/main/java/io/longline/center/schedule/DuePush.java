package io.longline.center.schedule;

import com.google.protobuf.ByteString;

/**
 * A message that is due, and begun by having been told of.
 *
 * @param run names what is begun
 * @param tries how often it was begun, this time included
 * @param kept what is to be sent; {@link ScheduleWire} reads it
 */
public record DuePush(String product, String messageId, long sendAtMs, long run, int tries, ByteString kept) {}
