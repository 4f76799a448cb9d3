package io.longline.room.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What clients of one loop ask for: to follow a topic, or not any more. The things of one session come in turn. A failure is the answer: the
 * client asks again if it still wants it.
 */
final class Subscriptions {
    /** So many of the newest messages a client may ask for: the saver has no more of them looked at in one go. */
    private static final int MOST_LAST = 1_000;

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
        inTurn(session, wish.topic(), done, turn -> subscribe(turn, wish));
    }

    /**
     * Its client says where to go on in a topic that its endpoint follows. The register says whether that is so: a back end may have ended it.
     *
     * @param done likewise
     */
    void resume(Session session, TopicWish wish, Runnable done) {
        inTurn(session, wish.topic(), done, turn -> resume(turn, wish));
    }

    private void inTurn(Session session, String topic, Runnable done, Consumer<Turn> work) {
        table.of(session).inTurn(over -> {
            Turn turn = new Turn(session, topic, over, done);
            if (session.isEnded()) {
                turn.end();
            } else {
                work.accept(turn);
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

    /** What its token and its product do not allow it may all the same where a back end has its user follow it, which only the register knows. */
    private void subscribe(Turn turn, TopicWish wish) {
        Session session = turn.session();
        wanted(session, turn.topic());
        Follow present = table.find(session, turn.topic());
        if (present != null && present.isOpen() && wish.namesNoPlace()) {
            register(turn, present.acked(), noted -> {
                repeat(present, noted.byBackEnd());
                turn.end();
            });
        } else if (present == null && wish.namesNoPlace()) {
            position(
                    turn,
                    wish,
                    null,
                    position -> register(turn, position.offset(), noted -> goOnFromNow(turn, wish, position, noted)));
        } else {
            Long from = present == null || present.isOpen() ? null : present.acked();
            position(
                    turn,
                    wish,
                    from,
                    position -> register(turn, position.offset(), noted -> goOn(turn, wish, position, noted)));
        }
    }

    /** From now on, unless a back end had its user follow it a moment ago, of which no word has come here yet. */
    private void goOnFromNow(Turn turn, TopicWish wish, TopicLogs.Position position, Follows.Noted noted) {
        if (noted.from() < position.offset()) {
            position(turn, wish, noted.from(), earlier -> goOn(turn, wish, earlier, noted));
        } else {
            goOn(turn, wish, position, noted);
        }
    }

    private void goOn(Turn turn, TopicWish wish, TopicLogs.Position position, Follows.Noted noted) {
        goOn(turn, wish, position, noted.byBackEnd());
        turn.end();
    }

    private void position(Turn turn, TopicWish wish, @Nullable Long from, Consumer<TopicLogs.Position> then) {
        TopicLogs.Begin begin = new TopicLogs.Begin(from, wish.after(), wish.last());
        Session session = turn.session();
        loop.whenDone(logs.position(session.endpoint(), turn.topic(), begin), (position, error) -> {
            if (session.isEnded() || position == null) {
                turn.fail(known(error));
            } else {
                then.accept(position);
            }
        });
    }

    /** Also of what is followed already: a back end may have ended that, and the newest of what both want is so. What is done then ends the turn. */
    private void register(Turn turn, long from, Consumer<Follows.Noted> then) {
        Session session = turn.session();
        boolean onlyByBackEnd = !permission.mayFollow(session, turn.topic());
        CompletableFuture<Follows.Noted> told =
                register.follow(session.endpoint(), turn.topic(), from, session.generation(), onlyByBackEnd);
        loop.whenDone(told, (noted, error) -> {
            if (session.isEnded() || noted == null) {
                Throwable why = known(error);
                if (ErrorTranslator.fromAny(why).code() == ErrorCode.PERMISSION_DENIED) {
                    drop(session, turn.topic()); // the word that a back end has ended it may be on its way
                }
                turn.fail(why);
            } else if (noted.stale()) {
                turn.fail(stale());
            } else {
                then.accept(noted);
            }
        });
    }

    private void resume(Turn turn, TopicWish wish) {
        Session session = turn.session();
        loop.whenDone(register.of(session.endpoint()), (followed, error) -> {
            if (session.isEnded() || followed == null) {
                turn.fail(known(error));
                return;
            }
            FollowedTopic found = followed.topics().stream()
                    .filter(one -> one.topic().equals(turn.topic()))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                drop(session, turn.topic());
                turn.fail(TopicFrames.notFollowed());
            } else if (!found.byBackEnd() && !permission.mayFollow(session, turn.topic())) {
                drop(session, turn.topic());
                turn.fail(TopicFrames.denied());
            } else {
                position(turn, wish, found.from(), position -> {
                    goOn(turn, wish, position, found.byBackEnd());
                    turn.end();
                });
            }
        });
    }

    /** It goes on where it is. */
    private static void repeat(Follow present, boolean byBackEnd) {
        present.byBackEnd(byBackEnd);
        Session session = present.session();
        TopicFrames.tell(session, TopicFrames.subscribed(session, present.topic(), present.sent()));
    }

    /** There before it reads: what is published afterwards finds it. */
    private void goOn(Turn turn, TopicWish wish, TopicLogs.Position position, boolean byBackEnd) {
        Follow present = table.find(turn.session(), turn.topic());
        if (present != null && present.isOpen() && wish.namesNoPlace()) { // it got a place while this was asked for
            repeat(present, byBackEnd);
            return;
        }
        Follow follow =
                present == null ? table.add(turn.session(), turn.topic(), position.offset(), byBackEnd) : present;
        follow.byBackEnd(byBackEnd);
        follow.open(position, wish.after());
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
        inTurn(session, topic, done, turn -> {
            drop(session, topic); // something before it may have had it follow again
            CompletableFuture<Boolean> told = register.unfollow(session.endpoint(), topic, session.generation());
            loop.whenDone(told, (taken, error) -> {
                if (taken != null && taken) {
                    wanted(session, topic);
                    turn.end();
                } else {
                    unwanted(session, topic);
                    turn.fail(taken == null ? known(error) : stale());
                }
            });
        });
    }

    /** What the register says of it from now on is not against what its client wants. */
    private void wanted(Session session, String topic) {
        SessionFollows of = table.find(session);
        if (of != null) {
            of.wanted(topic);
        }
    }

    private void unwanted(Session session, String topic) {
        if (!session.isEnded()) {
            table.of(session).unwanted(topic);
        }
    }

    private void drop(Session session, String topic) {
        Follow present = table.find(session, topic);
        if (present != null) {
            table.remove(present);
        }
    }

    static Optional<LonglineException> problem(TopicWish wish) {
        if (wish.last() == null) {
            return problem(wish.topic());
        }
        if (wish.after() != null) {
            return Optional.of(LonglineException.invalid("last", "expected after or last, not both"));
        }
        return wish.last() > MOST_LAST
                ? Optional.of(LonglineException.invalid("last", "expected at most " + MOST_LAST))
                : problem(wish.topic());
    }

    private static Optional<LonglineException> problem(String topic) {
        return Ids.problem(topic).map(problem -> LonglineException.invalid("topic", problem));
    }

    /** What its client says of this topic is not done. */
    static void refuse(Session session, String topic, Throwable error) {
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
