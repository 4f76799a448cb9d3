package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Notice;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What back ends are told of messages: acknowledged is only what its client acknowledged, and an end is for good. */
final class MessageEventRules {
    private static final int MOST = 20_000;

    private final Findings findings;
    private final Accounts accounts;
    private final Map<EndpointId, Long> acked = new HashMap<>();
    private final Map<Copy, Notice> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Copy, Notice> eldest) {
            return size() > MOST;
        }
    };

    /** @param message "" where it has a seq: what never came into an inbox has none */
    private record Copy(EndpointId endpoint, long seq, String message) {

        static Copy of(Notice notice) {
            return new Copy(notice.endpoint(), notice.seq(), notice.seq() == 0 ? notice.messageId() : "");
        }
    }

    MessageEventRules(Findings findings, Accounts accounts) {
        this.findings = findings;
        this.accounts = accounts;
    }

    /** What a client says that it has finished with, or its app was handed. */
    void session(Event.OfSession event) {
        long seq = switch (event) {
            case Event.Binding binding -> binding.session().named();
            case Event.AckSent ack -> ack.seq();
            case Event.Handed push -> push.seq();
            default -> 0;
        };
        acks(event.session().endpoint(), seq);
    }

    void acks(EndpointId endpoint, long seq) {
        if (seq > 0) {
            acked.merge(endpoint, seq, Math::max);
        }
    }

    void told(Notice notice, long at) {
        EndpointId id = notice.endpoint();
        if (id.device().isEmpty()) {
            return; // of a user, whom it did not reach at any device
        }
        EndpointCase endpoint = accounts.of(id.product(), id.user()).endpoint(id.device());
        if (notice.type().equals(Notice.ACKED) && notice.seq() > acked.getOrDefault(id, 0L)) {
            String what = "told to be acknowledged, which its client has not done beyond seq "
                    + acked.getOrDefault(id, 0L) + ": " + notice;
            findings.add(11, what, at, null, endpoint);
        }
        Notice before = ends.putIfAbsent(Copy.of(notice), notice);
        boolean same = before == null
                || (before.type().equals(notice.type()) && before.messageId().equals(notice.messageId()));
        if (before != null && !same) {
            findings.add(3, "has two ends: " + before + ", and " + notice, at, null, endpoint);
        }
    }

    /** What has ended may end otherwise, and a seq that was not persisted may be of another message. */
    void redisWasLost() {
        ends.clear();
    }
}
