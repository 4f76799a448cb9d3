package io.longline.room.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What clients of one loop say of broadcast topics. They follow them anyway, so the register has nothing to do with it: all they can say is where to go
 * on.
 */
final class BroadcastSubscriptions {
    private final Loop loop;
    private final TopicTable table;
    private final TopicReader reader;
    private final TopicLogs logs;
    private final BroadcastTopics topics;
    private final BroadcastFollowing following;

    BroadcastSubscriptions(
            Loop loop,
            TopicTable table,
            TopicReader reader,
            TopicLogs logs,
            BroadcastTopics topics,
            BroadcastFollowing following) {
        this.loop = loop;
        this.table = table;
        this.reader = reader;
        this.logs = logs;
        this.topics = topics;
        this.following = following;
    }

    /** @param done when that has come to something, or the session has ended */
    void subscribe(Session session, TopicWish wish, Runnable done) {
        Optional<LonglineException> problem = Subscriptions.problem(wish);
        if (problem.isPresent()) {
            Subscriptions.refuse(session, wish.topic(), problem.get());
            done.run();
            return;
        }
        table.of(session).inTurn(over -> {
            Runnable end = () -> {
                done.run();
                over.run();
            };
            if (session.isEnded()) {
                end.run();
            } else {
                subscribeNow(session, wish, end);
            }
        });
    }

    /** Its client says where to go on in a topic, if there is one. */
    void resume(Session session, TopicWish wish, Runnable done) {
        if (table.find(session, wish.topic()) == null) {
            done.run();
        } else {
            subscribe(session, wish, done);
        }
    }

    private void subscribeNow(Session session, TopicWish wish, Runnable end) {
        BroadcastFollow present = find(session, wish.topic());
        if (present != null) {
            present.asked();
        }
        if (present == null || !wish.namesNoPlace()) {
            position(session, wish, end);
            return;
        }
        if (present.isOpen()) { // otherwise it is told when it is
            present.tellPlace();
        }
        end.run();
    }

    private void position(Session session, TopicWish wish, Runnable end) {
        TopicLogs.Begin begin = new TopicLogs.Begin(null, wish.after(), wish.last());
        loop.whenDone(logs.position(session.endpoint(), wish.topic(), begin), (position, error) -> {
            if (!session.isEnded()) {
                if (position == null) {
                    Subscriptions.refuse(session, wish.topic(), error == null ? unknown() : error);
                } else {
                    goOn(session, wish, position);
                }
            }
            end.run();
        });
    }

    private static LonglineException unknown() {
        return new LonglineException(ErrorCode.INTERNAL, "nobody says where to begin");
    }

    private void goOn(Session session, TopicWish wish, TopicLogs.Position position) {
        BroadcastFollow present = find(session, wish.topic());
        if (present == null && position.head() == 0) { // nothing was published yet; when something is, all follow it
            TopicFrames.tell(session, TopicFrames.subscribed(session, wish.topic(), position.offset()));
            return;
        }
        BroadcastFollow follow = present == null ? add(session, wish.topic()) : present;
        follow.asked();
        follow.open(position, wish.after());
        reader.level(follow);
    }

    /** The room has not heard of it, though there is something in it: now it has. */
    private BroadcastFollow add(Session session, String topic) {
        return table.addBroadcast(
                session, following.walk(topics.appeared(session.endpoint().product(), topic, false)));
    }

    /** It cannot be ended. */
    void unsubscribe(Session session, String topic, Runnable done) {
        Subscriptions.refuse(session, topic, LonglineException.invalid("topic", "every client follows it"));
        done.run();
    }

    private @Nullable BroadcastFollow find(Session session, String topic) {
        return (BroadcastFollow) table.find(session, topic);
    }
}
