package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicHistory;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The topics of one endpoint on one link; guarded as that is. */
final class BindTopics {
    private final Session session;
    private final Tenant tenant;
    private final TopicHistory history;

    /** The last offset that came, and is not acknowledged. */
    private final Map<String, Long> unacked = new HashMap<>();

    BindTopics(Session session, Tenant tenant, TopicHistory history) {
        this.session = session;
        this.tenant = tenant;
        this.history = history;
    }

    void named(TopicPlace place) {
        history.named(session, place.topic(), place.after());
    }

    void wish(String topic, boolean follow) {
        history.wish(session, topic, follow, tenant.mayFollow(topic));
    }

    void subscribed(Heard.Subscribed subscribed) {
        history.subscribed(session, subscribed.topic(), subscribed.offset());
    }

    void push(Heard.TopicPush push) {
        Stamp stamp = Stamp.read(push.text()).orElse(null);
        history.delivered(session, push.topic(), push.offset(), push.messageId(), stamp, push.ttlMs());
        unacked.put(push.topic(), push.offset());
    }

    void gap(Heard.Gap gap) {
        history.gap(session, gap.topic(), gap.firstOffset());
    }

    void refused(Heard.TopicError error) {
        history.refused(session, error.topic(), error.reason(), tenant.mayFollow(error.topic()));
    }

    /** Acknowledges all that came, if {@code say} says it. */
    void flush(BiConsumer<String, Long> say) {
        unacked.forEach((topic, offset) -> {
            history.ackSent(session, topic, offset);
            say.accept(topic, offset);
        });
        unacked.clear();
    }
}
