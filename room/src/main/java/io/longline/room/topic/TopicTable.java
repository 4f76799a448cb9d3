package io.longline.room.topic;

import io.longline.room.session.Session;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The follows of one event loop, by topic and by session. */
final class TopicTable {
    private final Map<Key, Followers> topics = new HashMap<>();
    private final IdentityHashMap<Session, SessionFollows> sessions = new IdentityHashMap<>();
    private final SharedPushes shared;
    private int size;

    /** @param shared frames of this loop */
    TopicTable(SharedPushes shared) {
        this.shared = shared;
    }

    private record Key(String product, String topic) {}

    /** How many follows there are. */
    int size() {
        return size;
    }

    private void idle(SessionFollows of) {
        sessions.remove(of.session(), of);
    }

    /** Of all sessions that follow anything, or change what they follow, as they are now. */
    List<SessionFollows> all() {
        return List.copyOf(sessions.values());
    }

    /** Those who follow a topic; null: nobody does. */
    @Nullable
    Followers followers(String product, String topic) {
        return topics.get(new Key(product, topic));
    }

    /** What a session follows; null: nothing, and nothing is being changed about that. */
    @Nullable
    SessionFollows find(Session session) {
        return sessions.get(session);
    }

    @Nullable
    Follow find(Session session, String topic) {
        SessionFollows of = sessions.get(session);
        return of == null ? null : of.find(topic);
    }

    /** For somebody who changes something: made if it is not there. Not of a session that has ended. */
    SessionFollows of(Session session) {
        return sessions.computeIfAbsent(session, key -> new SessionFollows(key, this::idle));
    }

    /**
     * A session that is there follows a topic that it did not.
     *
     * @param from the offset after which it began to
     */
    Follow add(Session session, String topic, long from, boolean byBackEnd) {
        return add(new Follow(of(session), followers(session, topic, null), from, byBackEnd));
    }

    /** A session that is there follows a topic of broadcasts that it did not. */
    BroadcastFollow addBroadcast(Session session, BroadcastWalk walk) {
        BroadcastFollow follow = add(
                new BroadcastFollow(of(session), followers(session, walk.topic().name(), walk)));
        walk.added(follow);
        return follow;
    }

    private Followers followers(Session session, String topic, @Nullable BroadcastWalk walk) {
        Key key = new Key(session.endpoint().product(), topic);
        return topics.computeIfAbsent(key, _ -> new Followers(key.product(), key.topic(), shared, walk));
    }

    private <T extends Follow> T add(T follow) {
        follow.followers().add(follow);
        follow.of().add(follow);
        size++;
        return follow;
    }

    /** Its session does not follow the topic any more. */
    void remove(Follow follow) {
        SessionFollows of = sessions.get(follow.session());
        if (of != null) {
            drop(follow);
            of.remove(follow);
        }
    }

    private void drop(Follow follow) {
        if (follow.isGone()) {
            return;
        }
        follow.gone();
        size--;
        Followers followers = follow.followers();
        followers.remove(follow);
        if (followers.size() == 0) {
            topics.remove(new Key(followers.product(), followers.topic()), followers);
        }
    }

    /** A session has ended, and follows nothing any more. */
    void ended(Session session) {
        SessionFollows of = sessions.isEmpty() ? null : sessions.remove(session);
        if (of != null) {
            of.all().forEach(this::drop);
        }
    }
}
