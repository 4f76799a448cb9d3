package io.longline.room.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What clients of one loop ask for: to follow a topic, or not any more. The things of one session come in turn. A failure is the answer: the
 * client asks again if it still wants it.
 */
final class Subscriptions {
    private static final Duration STALE_RETRY = Duration.ofSeconds(1);

    private final Loop loop;
    private final TopicTable table;
    private final TopicReader reader;
    private final TopicPermission permission;
    private final TopicLogs logs;
    private final Follows register;

    Subscriptions(
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

    /** @param done when that has come to something, or the session has ended */
    void subscribe(Session session, TopicWish wish, Runnable done) {
        Optional<LonglineException> problem = problem(wish);
        if (problem.isPresent()) {
            refuse(session, wish.topic(), problem.get());
            done.run();
            return;
        }
        table.of(session).inTurn(over -> {
            Turn turn = new Turn(session, wish.topic(), over, done);
            if (session.isEnded()) {
                turn.end();
            } else {
                subscribe(turn, wish);
            }
        });
    }

    /** One thing that is being changed. */
    private record Turn(Session session, String topic, Runnable over, Runnable done) {

        void end() {
            done.run();
            over.run();
        }

        void fail(Throwable error) {
            if (!session.isEnded()) {
                refuse(session, topic, error);
            }
            end();
        }
    }

    private void subscribe(Turn turn, TopicWish wish) {
        Session session = turn.session();
        Follow present = table.find(session, turn.topic());
        boolean byBackEnd = present != null && present.isByBackEnd();
        if (!byBackEnd && !permission.mayFollow(session, turn.topic())) {
            turn.fail(TopicFrames.denied());
        } else if (present != null && present.isOpen() && wish.after() == null && wish.last() == null) {
            register(turn, present.acked(), () -> repeat(session, present));
        } else {
            Long from = present == null || present.isOpen() ? null : present.acked();
            TopicLogs.Begin begin = new TopicLogs.Begin(from, wish.after(), wish.last());
            loop.whenDone(logs.position(session.endpoint(), turn.topic(), begin), (position, error) -> {
                if (session.isEnded() || position == null) {
                    turn.fail(known(error));
                } else {
                    register(turn, position, () -> open(session, turn.topic(), position));
                }
            });
        }
    }

    /** Also of what is followed already: a back end may have ended that, and the newest of what both want is so. */
    private void register(Turn turn, long from, Runnable then) {
        Session session = turn.session();
        CompletableFuture<Boolean> told = register.follow(session.endpoint(), turn.topic(), from, session.generation());
        loop.whenDone(told, (taken, error) -> {
            if (session.isEnded() || taken == null) {
                turn.fail(known(error));
            } else if (!taken) {
                turn.fail(stale());
            } else {
                then.run();
                turn.end();
            }
        });
    }

    /** It goes on where it is. */
    private static void repeat(Session session, Follow present) {
        TopicFrames.tell(session, TopicFrames.subscribed(session, present.topic(), present.sent()));
    }

    /** There before it reads: what is published afterwards finds it. */
    private void open(Session session, String topic, long position) {
        Follow present = table.find(session, topic);
        Follow follow = present == null ? table.add(session, topic, position, false) : present;
        follow.open(position);
        reader.level(follow);
    }

    /** Nothing comes of the topic from now on, whether or not the register can be told. */
    void unsubscribe(Session session, String topic, Runnable done) {
        Optional<LonglineException> problem = problem(topic);
        if (problem.isPresent()) {
            refuse(session, topic, problem.get());
            done.run();
            return;
        }
        drop(session, topic);
        table.of(session).inTurn(over -> {
            Turn turn = new Turn(session, topic, over, done);
            if (session.isEnded()) {
                turn.end();
                return;
            }
            drop(session, topic); // something before it may have had it follow again
            CompletableFuture<Boolean> told = register.unfollow(session.endpoint(), topic, session.generation());
            loop.whenDone(told, (taken, error) -> {
                if (taken == null) {
                    turn.fail(known(error));
                } else if (!taken) {
                    turn.fail(stale());
                } else {
                    turn.end();
                }
            });
        });
    }

    private void drop(Session session, String topic) {
        Follow present = table.find(session, topic);
        if (present != null) {
            table.remove(present);
        }
    }

    private static Optional<LonglineException> problem(TopicWish wish) {
        return wish.after() != null && wish.last() != null
                ? Optional.of(LonglineException.invalid("last", "expected after or last, not both"))
                : problem(wish.topic());
    }

    private static Optional<LonglineException> problem(String topic) {
        return Ids.problem(topic)
                .or(() -> topic.startsWith("*") ? Optional.of("broadcast topics are not available") : Optional.empty())
                .map(problem -> LonglineException.invalid("topic", problem));
    }

    /** What a bind says of topics cannot be done from this one on. */
    void refuse(Session session, String topic, String problem) {
        refuse(session, topic, LonglineException.invalid("topics", problem));
    }

    private static void refuse(Session session, String topic, Throwable error) {
        TopicFrames.tell(session, TopicFrames.error(session, topic, error));
    }

    /** The register knows a newer session of the endpoint, which is about to end this one, or is itself about to hear of this one again. */
    private static LonglineException stale() {
        return new LonglineException(ErrorCode.OVERLOADED, "the session does not have its endpoint at the moment")
                .retryAfter(STALE_RETRY);
    }

    private static Throwable known(@Nullable Throwable error) {
        return error == null ? new LonglineException(ErrorCode.OVERLOADED, "the session has ended") : error;
    }
}
