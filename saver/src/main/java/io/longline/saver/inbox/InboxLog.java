package io.longline.saver.inbox;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.AppendOutcome.Appended;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to single messages, at debug, by the id that stands in the log of every service. */
final class InboxLog {
    private static final Logger log = LoggerFactory.getLogger(InboxLog.class);

    private InboxLog() {}

    static void stored(NewCopy copy, Appended appended) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "stored message_id={} endpoint={} seq={} state={} repeated={}",
                    copy.messageId(),
                    copy.endpoint().withDevice(appended.device()).text(),
                    appended.seq(),
                    appended.state(),
                    appended.repeated());
        }
    }

    static void loaded(Endpoint endpoint, long seq, String messageId, String room) {
        if (log.isDebugEnabled()) {
            log.debug("loaded message_id={} endpoint={} seq={} room={}", messageId, endpoint.text(), seq, room);
        }
    }

    static void acked(Endpoint endpoint, long seq, String room) {
        if (log.isDebugEnabled()) {
            log.debug("acked endpoint={} seq={} room={}", endpoint.text(), seq, room);
        }
    }

    static void settled(Settlement settlement) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "settled message_id={} endpoint={} seq={} state={} reason={} node={}",
                    settlement.messageId(),
                    settlement.endpoint().text(),
                    settlement.seq(),
                    settlement.state(),
                    settlement.reason(),
                    settlement.by().node());
        }
    }
}
