package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.TopicEvent;

/** Who follows which topic: what back ends and clients wish, and what rooms say of it. */
final class FollowRules {
    private static final int BLAMED = 13;

    private final FaultLog faults;
    private final Findings findings;
    private final AnswerRules answers;

    FollowRules(FaultLog faults, Findings findings, AnswerRules answers) {
        this.faults = faults;
        this.findings = findings;
        this.answers = answers;
    }

    // ---- back ends ----

    void accept(UserTopic topic, TopicEvent.OfUser event) {
        topic.account.endpoints().forEach(endpoint -> {
            endpoint.note(event);
            var _ = topic.of(endpoint);
        });
        boolean follow = event.wish().follow();
        switch (event) {
            case TopicEvent.WishBegun begun -> {
                topic.user.begun(follow, begun.at());
                topic.devices().forEach(each -> each.begun(follow, begun.at()));
            }
            case TopicEvent.WishTried tried -> tried(topic, tried);
            case TopicEvent.WishOver over -> {
                topic.user.over(follow, over.at());
                topic.devices().forEach(each -> each.over(follow, over.at()));
            }
        }
    }

    private void tried(UserTopic topic, TopicEvent.WishTried event) {
        Answer answer = event.answer();
        if (answer != null) {
            answers.form(null, null, event.center(), event.begunAt(), event.at(), answer);
            answers.isFound(null, event.center(), event.at(), answer);
        } else if (!faults.isDown(event.center(), event.begunAt(), event.at())) {
            findings.add(15, event.center() + " did not answer: " + event.wish(), event.at());
        }
        boolean follow = event.wish().follow();
        if (answer != null && answer.isSuccess()) {
            topic.user.shown(follow, event.begunAt(), event.at());
            topic.account.endpoints().forEach(endpoint -> {
                FollowCase own = topic.of(endpoint);
                if (follow && endpoint.mayForget(faults, event.begunAt())) {
                    own.shownOfItsUser(event.begunAt());
                } else {
                    own.shown(follow, event.begunAt(), event.at());
                }
            });
        } else if (!event.refused()) {
            topic.user.doubts(follow, event.at());
            topic.devices().forEach(each -> each.doubts(follow, event.at()));
        }
    }

    // ---- clients ----

    void wished(UserTopic topic, EndpointCase endpoint, SessionCase session, TopicEvent.ClientWish event) {
        boolean may = event.allowed() || !topic.user.isUnwishedBefore(event.at());
        if (!event.follow() || may) {
            topic.of(endpoint).begun(event.follow(), event.at());
            session.topic(event.topic()).begun(event.follow(), event.at());
        }
    }

    void subscribed(UserTopic topic, EndpointCase endpoint, SessionCase session, TopicEvent.Subscribed event) {
        FollowCase own = topic.of(endpoint);
        SessionTopic of = session.topic(event.topic());
        if (own.isOutSince(session.knownFrom) && !endpoint.mayForget(faults, session.knownFrom)) {
            findings.add(4, "follows " + event.topic() + ", as nobody wished", event.at(), null, endpoint);
        }
        if (!endpoint.mayForget(faults, session.knownFrom)) {
            own.shown(true, session.knownFrom, event.at());
            if (of.position < 0 && own.followsSince(event.at())) {
                position(own, endpoint, session, event);
            }
        }
        of.over(true, own, event.at());
        of.position = event.offset();
    }

    /**
     * Where a session begins: behind all that the saver took as acknowledged, or where its bind said, if that is earlier. A client may have finished with
     * less than another one of its endpoint, and what it names is no ack.
     */
    private void position(FollowCase own, EndpointCase endpoint, SessionCase session, TopicEvent.Subscribed event) {
        if (session.session.sdk()) {
            return;
        }
        long taken = session.taken(event.topic());
        long named = session.topic(event.topic()).namedByBind();
        long least = Math.min(taken, own.acks.taken());
        if (event.offset() < (named < 0 ? least : Math.min(least, named))) {
            String what = "begins behind offset " + event.offset() + " of " + event.topic()
                    + ", though the saver had taken an ack up to " + taken
                    + (named < 0 ? "" : ", and its bind named " + named);
            findings.add(3, what, event.at(), null, endpoint);
        }
        if (named < 0 && !faults.isRedisLost()) {
            own.acks.take(event.offset(), event.at());
        }
    }

    void refused(UserTopic topic, EndpointCase endpoint, SessionCase session, TopicEvent.Refused event) {
        FollowCase own = topic.of(endpoint);
        boolean sure = !endpoint.mayForget(faults, session.knownFrom) && !endpoint.mayBeUnknown(session.knownFrom);
        switch (event.reason()) {
            case "NOT_FOUND" -> {
                if (sure && own.followsSince(session.knownFrom)) {
                    String what = "is told that it does not follow " + event.topic() + ", though it does";
                    findings.add(1, what, event.at(), null, endpoint);
                }
                if (sure) {
                    own.shown(false, session.knownFrom, event.at());
                }
            }
            case "PERMISSION_DENIED" -> {
                if (event.allowed() || topic.user.followsSince(session.knownFrom)) {
                    findings.add(BLAMED, "may follow " + event.topic() + ", and is denied", event.at(), null, endpoint);
                }
            }
            case "INVALID_ARGUMENT", "QUEUE_FULL" ->
                findings.add(BLAMED, "is refused " + event.topic() + ": " + event.reason(), event.at(), null, endpoint);
            default -> {} // for a while
        }
        if (!session.session.sdk()) {
            SessionTopic of = session.topic(event.topic());
            of.over(true, own, event.at());
            of.over(false, own, event.at());
        }
    }

    /** What a client of its own said in a session that is over, or an app that has ended, may be carried out for a while. */
    void ended(UserTopic topic, EndpointCase endpoint, SessionTopic of, long at) {
        of.over(true, topic.of(endpoint), at);
        of.over(false, topic.of(endpoint), at);
    }
}
