package io.longline.deploy.check;

import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What arrives of topics: at those who follow them, in order, not again, and not too late. */
final class TopicArrivalRules {
    /** Rooms hear within this time that somebody follows no longer, where nothing is broken. */
    private static final long HEARD_WITHIN = TimeUnit.SECONDS.toNanos(20);

    private final FaultLog faults;
    private final Findings findings;
    private final ArrivalRules arrivals;

    TopicArrivalRules(FaultLog faults, Findings findings, ArrivalRules arrivals) {
        this.faults = faults;
        this.findings = findings;
        this.arrivals = arrivals;
    }

    /** One endpoint, what it follows, and the session in which something came. */
    record Place(TopicLog log, UserTopic topic, EndpointCase endpoint, SessionCase session) {}

    /** A push as it came over a link. */
    void delivered(Place place, TopicEvent.Delivered event) {
        TopicCase message = message(place, event.stamp());
        if (!isMeant(place, event, event.stamp(), message)) {
            return;
        }
        inOrder(place, event, message);
        if (message != null) {
            message.note(event);
            left(place, event, message);
            inTime(place, event, message);
            arrived(place, message, event.offset(), event.messageId(), event.at());
        }
    }

    /** A message as the SDK hands it to its app: once, and in order, over all the links of its life. */
    void handed(Place place, TopicEvent.Handed event) {
        TopicCase message = message(place, event.stamp());
        if (!isMeant(place, event, event.stamp(), message)) {
            return;
        }
        FollowCase own = place.topic.of(place.endpoint);
        if (event.offset() <= own.handed && !event.maybeRepeated()) {
            String what = "the SDK hands out offset " + event.offset() + " after " + own.handed;
            findings.add(2, what, event.at(), message, place.endpoint);
        }
        own.handed = Math.max(own.handed, event.offset());
        if (message != null) {
            message.note(event);
            arrived(place, message, event.offset(), event.messageId(), event.at());
        }
    }

    /** Messages are said to have left the log, from before an offset. */
    void gap(Place place, TopicEvent.Gap event) {
        if (!place.log.mayBeCut()) {
            String what = "is told of a gap before offset " + event.firstOffset() + " of " + event.topic()
                    + ", whose log holds all";
            findings.add(6, what, event.at(), null, place.endpoint);
        }
        place.log.cases().stream()
                .filter(message -> place.log.mayBeCut() && message.offset < event.firstOffset())
                .forEach(message -> message.excuse(place.endpoint.id));
        SessionTopic of = place.session.topic(event.topic());
        of.position = Math.max(of.position, event.firstOffset() - 1);
    }

    private static @Nullable TopicCase message(Place place, @Nullable Stamp stamp) {
        return stamp == null ? null : place.log.find(stamp.number());
    }

    private boolean isMeant(
            Place place, TopicEvent.OfSession event, @Nullable Stamp stamp, @Nullable TopicCase message) {
        EndpointCase endpoint = place.endpoint;
        if (stamp == null || !arrivals.wasSent(stamp.number())) {
            findings.add(4, "what arrives was sent by nobody, or is damaged", event.at(), null, endpoint);
            return false;
        }
        if (!stamp.isFor(endpoint.id.product(), event.topic())) {
            findings.add(4, "arrives as of " + event.topic() + ": " + stamp, event.at(), message, endpoint);
            return false;
        }
        FollowCase own = place.topic.of(endpoint);
        if (isOut(own, place.session, message, event.at())) {
            findings.add(4, "arrives at one who does not follow", event.at(), message, endpoint);
        } else if (message != null && message.wasThereBefore(own)) {
            findings.add(4, "was sent before anybody wished to follow", event.at(), message, endpoint);
        }
        return true;
    }

    /** A session that began before may not have heard of it, but for a while, and what was sent before may be on its way. */
    private boolean isOut(FollowCase own, SessionCase session, @Nullable TopicCase message, long at) {
        if (own.isOutSince(session.knownFrom)) {
            return true;
        }
        long heard = own.since() + HEARD_WITHIN;
        return own.isOutSince(at)
                && message != null
                && message.firstBegun() > heard
                && !faults.anyBetween(own.since(), at);
    }

    private void inOrder(Place place, TopicEvent.Delivered event, @Nullable TopicCase message) {
        SessionTopic of = place.session.topic(event.topic());
        if (of.position < 0) {
            findings.add(2, "comes before it is said from where on", event.at(), message, place.endpoint);
        } else if (event.offset() <= of.named) {
            String what = "sent again, though its bind named offset " + of.named;
            findings.add(3, what, event.at(), message, place.endpoint);
        } else if (event.offset() <= of.position) {
            String what = "offset " + event.offset() + " comes after " + of.position + " in one session";
            findings.add(2, what, event.at(), message, place.endpoint);
        }
        of.position = Math.max(of.position, event.offset());
    }

    /** A room that was told by the client sends nothing more, whatever others know, until somebody wishes it. */
    private void left(Place place, TopicEvent.Delivered event, TopicCase message) {
        long left = place.session.topic(event.topic()).leftAt;
        FollowCase own = place.topic.of(place.endpoint);
        if (left >= 0
                && message.firstBegun() > left + ArrivalRules.SLACK
                && !own.mayFollowAnew(left)
                && !faults.isDown(place.session.session.room(), left, event.at())) {
            findings.add(4, "comes to who has unsubscribed", event.at(), message, place.endpoint);
        }
    }

    private void inTime(Place place, TopicEvent.Delivered event, TopicCase message) {
        boolean late = event.at() > message.expiresAt() + ArrivalRules.SLACK
                && !place.session.deaf
                && !faults.anyBetween(message.expiresAt(), event.at());
        if (event.ttlMs() <= 0 || late) {
            findings.add(9, "sent after its time to live", event.at(), message, place.endpoint);
        }
    }

    private void arrived(Place place, TopicCase message, long offset, String id, long at) {
        if (message.send.messageId() != null && !message.send.messageId().equals(id)) {
            findings.add(8, "arrives with id " + id, at, message, place.endpoint);
        }
        place.log.assign(message, offset, at, place.endpoint);
        message.arrives(place.endpoint.id);
    }
}
