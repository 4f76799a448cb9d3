package io.longline.deploy.check;

import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What arrives of broadcasts: once in a session, in order, not too late, not where it was ended before, and not at who came for the first time afterwards. */
final class BroadcastArrivalRules {
    /** So long after it was wished, with nothing wrong in the end, nobody gets what was ended, or rests: another center may have to take it up first. */
    private static final long ACTS_WITHIN = TimeUnit.SECONDS.toNanos(15);

    private final FaultLog faults;
    private final Findings findings;
    private final ArrivalRules arrivals;

    BroadcastArrivalRules(FaultLog faults, Findings findings, ArrivalRules arrivals) {
        this.faults = faults;
        this.findings = findings;
        this.arrivals = arrivals;
    }

    /** One topic, and the endpoint and session in which something of it came. */
    record Place(BroadcastLog log, EndpointCase endpoint, SessionCase session) {}

    void accept(Place place, TopicEvent.OfSession event) {
        SessionTopic of = place.session.topic(event.topic());
        switch (event) {
            case TopicEvent.Named named -> of.named = named.after();
            case TopicEvent.Subscribed subscribed -> of.position = subscribed.offset();
            case TopicEvent.Refused refused -> refused(place, refused);
            case TopicEvent.Gap gap -> {
                String what = "is told of a gap before offset " + gap.firstOffset() + " of " + gap.topic();
                findings.add(6, what + ", whose log holds all", gap.at(), null, place.endpoint);
            }
            case TopicEvent.Delivered push -> delivered(place, push);
            case TopicEvent.Handed push -> handed(place, push);
            case TopicEvent.ClientWish _, TopicEvent.AckSent _ -> {}
        }
    }

    /** Everybody follows it, whatever his token says, also before anything was broadcast. */
    private void refused(Place place, TopicEvent.Refused event) {
        switch (event.reason()) {
            case "PERMISSION_DENIED", "NOT_FOUND", "INVALID_ARGUMENT" ->
                findings.add(
                        13, "is refused " + event.topic() + ": " + event.reason(), event.at(), null, place.endpoint);
            default -> {} // for a while
        }
    }

    private void delivered(Place place, TopicEvent.Delivered event) {
        BroadcastCase broadcast = broadcast(place, event.stamp());
        if (!isMeant(place, event, event.stamp(), broadcast)) {
            return;
        }
        inOrder(place, event, broadcast);
        if (broadcast != null) {
            broadcast.note(event);
            inTime(place, event, broadcast);
            arrived(place, broadcast, event.offset(), event.messageId(), event.at());
        }
    }

    /** A broadcast as the SDK hands it to its app: once, and in order, over all the links of its life. */
    private void handed(Place place, TopicEvent.Handed event) {
        BroadcastCase broadcast = broadcast(place, event.stamp());
        if (!isMeant(place, event, event.stamp(), broadcast)) {
            return;
        }
        long before = place.log.handed(place.endpoint.id, event.offset());
        if (event.offset() <= before && !event.maybeRepeated()) {
            String what = "the SDK hands out offset " + event.offset() + " after " + before;
            findings.add(2, what, event.at(), broadcast, place.endpoint);
        }
        if (broadcast != null) {
            broadcast.note(event);
            arrived(place, broadcast, event.offset(), event.messageId(), event.at());
        }
    }

    private static @Nullable BroadcastCase broadcast(Place place, @Nullable Stamp stamp) {
        return stamp == null ? null : place.log.find(stamp.number());
    }

    private boolean isMeant(
            Place place, TopicEvent.OfSession event, @Nullable Stamp stamp, @Nullable BroadcastCase broadcast) {
        EndpointCase endpoint = place.endpoint;
        if (stamp == null || !arrivals.wasSent(stamp.number())) {
            findings.add(4, "what arrives was sent by nobody, or is damaged", event.at(), null, endpoint);
            return false;
        }
        if (!stamp.isFor(endpoint.id.product(), event.topic())) {
            findings.add(4, "arrives as of " + event.topic() + ": " + stamp, event.at(), broadcast, endpoint);
            return false;
        }
        if (broadcast != null && broadcast.hasEnded() && endpoint.firstCameAt() > broadcast.endAt) {
            String what = "arrives at a device that came for the first time after its end";
            findings.add(4, what, event.at(), broadcast, endpoint);
        }
        return true;
    }

    private void inOrder(Place place, TopicEvent.Delivered event, @Nullable BroadcastCase broadcast) {
        SessionTopic of = place.session.topic(event.topic());
        boolean first = broadcast == null || broadcast.arrives(place.session.session.number(), event.at());
        if (event.offset() <= of.named) {
            String what = "sent again, though its bind named offset " + of.named;
            findings.add(3, what, event.at(), broadcast, place.endpoint);
        } else if (!first) {
            findings.add(10, "comes twice in one session", event.at(), broadcast, place.endpoint);
        } else if (event.offset() <= of.position) {
            String what = "offset " + event.offset() + " comes after " + of.position + " in one session";
            findings.add(2, what, event.at(), broadcast, place.endpoint);
        }
        of.position = Math.max(of.position, event.offset());
    }

    private void inTime(Place place, TopicEvent.Delivered event, BroadcastCase broadcast) {
        boolean late = event.at() > broadcast.expiresAt() + ArrivalRules.SLACK
                && !place.session.deaf
                && !faults.anyBetween(broadcast.expiresAt(), event.at());
        if (event.ttlMs() <= 0 || late) {
            findings.add(9, "sent after its time to live", event.at(), broadcast, place.endpoint);
        }
        if (isPast(place, broadcast.goneAt, event.at())) {
            findings.add(9, "sent after it was cancelled or recalled", event.at(), broadcast, place.endpoint);
        }
        if (isPast(place, broadcast.restsSince, event.at())) {
            findings.add(10, "sent while it rests", event.at(), broadcast, place.endpoint);
        }
    }

    /** Whether what was wished has been so for long enough, of late with nothing wrong. */
    private boolean isPast(Place place, long wishedAt, long at) {
        long since = at - ACTS_WITHIN;
        return wishedAt >= 0 && wishedAt < since && !place.session.deaf && !faults.anyBetween(since, at);
    }

    private void arrived(Place place, BroadcastCase broadcast, long offset, String id, long at) {
        if (broadcast.send.messageId() != null && !broadcast.send.messageId().equals(id)) {
            findings.add(8, "arrives with id " + id, at, broadcast, place.endpoint);
        }
        place.log.assign(broadcast, offset, at, place.endpoint);
        broadcast.arrives(place.endpoint.id);
    }
}
