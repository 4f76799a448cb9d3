package io.longline.saver.inbox;

import java.util.List;

/**
 * What an endpoint left when it was forgotten.
 *
 * @param watermark nothing up to here will be loaded again
 * @param heirVersion the endpoint was the heir of {@code default}, and is not since this number; 0: it was not
 */
record Forgotten(long watermark, long heirVersion, List<Dropped> dropped) {

    record Dropped(long seq, String messageId) {}
}
