package io.longline.coordinator.uplink;

/**
 * What a back end answers to an uplink.
 *
 * @param messageId the same each time that the uplink is answered, so that a second answer has no effect
 * @param inReplyTo the client's id of the uplink
 * @param to the session that sent it
 * @param atMs when it was answered
 */
record Reply(String messageId, String inReplyTo, Uplink.Sender to, String text, long atMs) {

    /** Of all replies; ids have no slash. */
    String name() {
        return to.product() + "/" + messageId;
    }
}
