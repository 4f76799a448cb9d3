package io.longline.center.uplink;

import com.google.protobuf.ByteString;

/**
 * What a client sent, a consumer's for a time.
 *
 * @param leaseId to finish it with
 * @param eventId never given twice
 * @param id the client's
 * @param payload characters, in UTF-8, where it is text
 */
record Uplink(
        String leaseId,
        String eventId,
        String id,
        Sender sender,
        long seq,
        long tsMs,
        boolean isText,
        ByteString payload) {

    /** The session that sent it. */
    record Sender(String user, String device, long generation) {}
}
