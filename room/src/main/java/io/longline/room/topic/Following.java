package io.longline.room.topic;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.room.delivery.Backoff;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the sessions of one loop follow what the register says. Where to begin the saver tells, which is asked as long as the session lives; until then
 * the topic is followed without a position.
 */
final class Following {
    private static final Logger log = LoggerFactory.getLogger(Following.class);
    /** So many sessions are looked at before others have their turn. */
    private static final int PIECE = 512;

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final Loop loop;
    private final TopicTable table;
    private final TopicReader reader;
    private final TopicPermission permission;
    private final TopicLogs logs;
    private final Follows register;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());

    Following(
            Loop loop,
            TopicTable table,
            TopicReader reader,
            TopicPermission permission,
            TopicLogs logs,
            Follows register) {
        this.loop = loop;
        this.table = table;
        this.reader = reader;
        this.permission = permission;
        this.logs = logs;
        this.register = register;
    }

    /**
     * A session is live, and its endpoint follows these topics.
     *
     * @param wished what its client said of topics when it bound, by topic
     */
    void begin(Session session, List<FollowedTopic> followed, Map<String, TopicWish> wished) {
        for (FollowedTopic one : followed) {
            if (may(session, one)) {
                TopicWish wish = wished.get(one.topic());
                follow(session, one, wish == null ? null : wish.after());
            } else {
                deny(session, one.topic());
            }
        }
        SessionFollows of = table.find(session);
        if (of != null && of.isRefollowDue()) {
            ask(session);
        }
    }

    private boolean may(Session session, FollowedTopic topic) {
        return topic.byBackEnd() || permission.mayFollow(session, topic.topic());
    }

    private static void deny(Session session, String topic) {
        TopicFrames.tell(session, TopicFrames.error(session, topic, TopicFrames.denied()));
    }

    private void follow(Session session, FollowedTopic topic, @Nullable Long after) {
        if (session.isEnded()
                || table.find(session, topic.topic()) != null) { // its link may break while it is told of another one
            return;
        }
        Follow follow = table.add(session, topic.topic(), topic.from(), topic.byBackEnd());
        position(follow, new TopicLogs.Begin(topic.from(), after, null), 0);
    }

    /** The same of broadcasts, where it is known when the device of its endpoint was first seen. */
    void place(BroadcastFollow follow, long born, @Nullable Long after) {
        follow.placed();
        position(follow, new TopicLogs.Begin(born, after, null), 0);
    }

    private void position(Follow follow, TopicLogs.Begin begin, int failures) {
        loop.whenDone(logs.position(follow.session().endpoint(), follow.topic(), begin), (position, error) -> {
            if (follow.isGone() || follow.isOpen()) { // its client may have named another one meanwhile
                return;
            }
            if (position != null) {
                follow.open(position, begin.after());
                reader.level(follow);
            } else {
                logFailure("position", follow.session(), error);
                loop.later(backoff.after(failures + 1), () -> positionAgain(follow, begin, failures + 1));
            }
        });
    }

    private void positionAgain(Follow follow, TopicLogs.Begin begin, int failures) {
        if (!follow.isGone() && !follow.isOpen()) {
            position(follow, begin, failures);
        }
    }

    /**
     * Its token was renewed: what its client may not follow any more it does not, in this session. Whether a back end has its user follow it
     * meanwhile the register knows, which is asked before.
     */
    void renewed(Session session) {
        SessionFollows of = table.find(session);
        if (of != null && of.all().stream().anyMatch(this::isDenied)) {
            refollow(session);
        }
    }

    private boolean isDenied(Follow follow) {
        return !follow.isByBackEnd() && !permission.mayFollow(follow.session(), follow.topic());
    }

    private void dropIfDenied(Follow follow) {
        if (isDenied(follow)) {
            table.remove(follow);
            deny(follow.session(), follow.topic());
        }
    }

    /**
     * A session was bound anew. What was published meanwhile may have found nobody. What the answer says is followed is not taken as it is, for
     * the client may have changed it since: it only tells whether there is anything to ask.
     */
    void rebound(Session session, List<FollowedTopic> followed) {
        SessionFollows of = table.find(session);
        if (of != null) {
            reread(of);
        }
        if ((of != null && of.followsMoreThanBroadcasts()) || !followed.isEmpty()) {
            table.of(session).refollowDue(true);
            ask(session);
        }
    }

    /** What was published may have found nobody who told this room of it: all that is followed is read once, some sessions at a time. */
    void rereadAll() {
        rereadAll(table.all(), 0);
    }

    private void rereadAll(List<SessionFollows> all, int from) {
        int to = Math.min(all.size(), from + PIECE);
        all.subList(from, to).forEach(this::reread);
        if (to < all.size()) {
            loop.afterOthers(() -> rereadAll(all, to));
        }
    }

    private void reread(SessionFollows of) {
        of.all().forEach(Follow::reread);
        reader.level(of);
    }

    /**
     * What its endpoint follows has changed, or may have. While a bind is under way that waits until the bind is answered. It is asked until the register
     * tells; one of an earlier release, which knows no topics, is not asked again.
     */
    void refollow(Session session) {
        SessionFollows of = table.of(session);
        if (!of.isRefollowDue()) {
            of.refollowDue(true);
            if (!session.bindUnderWay()) {
                ask(session);
            }
        }
    }

    /** In turn with what its client asks for: otherwise an answer from before could undo that. */
    private void ask(Session session) {
        table.of(session).inTurn(over -> {
            SessionFollows of = table.find(session);
            if (of == null) { // the session has ended
                over.run();
                return;
            }
            of.refollowDue(false); // what changes from here on may not be in the answer
            loop.whenDone(register.of(session.endpoint()), (followed, error) -> {
                if (followed == null) {
                    logFailure("follows", session, error);
                    if (error != null && ErrorTranslator.fromAny(error).code().retryable()) {
                        askAgain(session, of);
                    } else if (!session.isEnded()) {
                        placeAll(of, 0);
                    }
                } else if (!session.isEnded()) {
                    of.answered();
                    take(session, of, followed);
                }
                over.run();
            });
        });
    }

    private void askAgain(Session session, SessionFollows of) {
        if (!session.isEnded() && !of.isRefollowDue()) {
            of.refollowDue(true);
            loop.later(backoff.after(of.failed()), () -> {
                if (!session.isEnded() && !session.bindUnderWay()) { // a bind asks when it is answered
                    ask(session);
                }
            });
        }
    }

    /** Broadcasts that became known while the session was there: it is known now where it begins. */
    private void placeAll(SessionFollows of, long born) {
        for (Follow follow : of.all()) {
            if (follow instanceof BroadcastFollow broadcasts && !broadcasts.isPlaced()) {
                place(broadcasts, born, null);
            }
        }
    }

    private void take(Session session, SessionFollows of, Followed followed) {
        placeAll(of, followed.born());
        Map<String, FollowedTopic> wanted = followed.topics().stream()
                .collect(Collectors.toMap(FollowedTopic::topic, Function.identity(), (a, _) -> a));
        for (Follow follow : of.all()) {
            FollowedTopic now = wanted.remove(follow.topic());
            if (now != null) {
                follow.byBackEnd(now.byBackEnd());
                dropIfDenied(follow);
            } else if (!(follow instanceof BroadcastFollow)) {
                table.remove(follow);
            }
        }
        for (FollowedTopic one : wanted.values()) {
            if (may(session, one) && !of.isUnwanted(one.topic())) { // whoever may not was told so when it was bound
                follow(session, one, null);
            }
        }
    }

    private static void logFailure(String what, Session session, @Nullable Throwable error) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "{} failed endpoint={} error={}",
                    what,
                    session.endpoint(),
                    error == null ? "" : ErrorTranslator.fromAny(error).getMessage());
        }
    }
}
