package io.longline.saver.schedule;

import com.google.protobuf.ByteString;
import io.longline.saver.budget.Urgency;
import io.longline.saver.message.MessageId;

/**
 * A message that is to be sent later.
 *
 * @param bodyHash empty: nobody chose the id
 * @param targets {@code user/device}, or {@code user/} for all devices that the user has then, with blanks between them
 * @param push what is to be sent; nobody here looks into it
 */
record Kept(
        MessageId id,
        ByteString bodyHash,
        long sendAtMs,
        long expiresAtMs,
        String targets,
        ByteString push,
        Urgency urgency) {}
