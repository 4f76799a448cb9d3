package io.longline.room.topic;

import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Session;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has all sessions of one loop follow the broadcast topics of their products. While those of a product are not known its sessions wait; a session of
 * a product that has none has nothing here.
 */
final class BroadcastFollowing implements BroadcastTopics.Listener {
    private final RoomLoop roomLoop;
    private final TopicTable table;
    private final Following following;
    private final BroadcastTopics topics;
    private final Walks walks;
    private final Map<BroadcastTopic, BroadcastWalk> made = new ConcurrentHashMap<>(); // metrics look
    /** By product. */
    private final Map<String, Map<Session, Waiting>> waiting = new HashMap<>();

    /** Of topics that appear here. */
    interface Walks {
        BroadcastWalk of(BroadcastTopic topic);
    }

    /**
     * What is to be done when the topics are known.
     *
     * @param born when its device was first seen
     * @param wishes what its client said of broadcast topics, by topic
     * @param otherwise takes those of topics that there are not
     */
    private record Waiting(long born, Map<String, TopicWish> wishes, Consumer<TopicWish> otherwise) {}

    BroadcastFollowing(RoomLoop roomLoop, TopicTable table, Following following, BroadcastTopics topics, Walks walks) {
        this.roomLoop = roomLoop;
        this.table = table;
        this.following = following;
        this.topics = topics;
        this.walks = walks;
    }

    BroadcastWalk walk(BroadcastTopic topic) {
        return made.computeIfAbsent(topic, walks::of);
    }

    /** How many sessions here are still to be let have what is sent. */
    int left() {
        return made.values().stream().mapToInt(BroadcastWalk::left).sum();
    }

    /** How many sessions wait for it to be known what topics there are. */
    int waiting(String product) {
        return waiting.getOrDefault(product, Map.of()).size();
    }

    /**
     * A session is live.
     *
     * @param born when the device of its endpoint was first seen
     * @param wishes what its client said of broadcast topics
     * @param otherwise takes those of topics that there are not
     */
    void begin(Session session, long born, Map<String, TopicWish> wishes, Consumer<TopicWish> otherwise) {
        String product = session.endpoint().product();
        Waiting one = new Waiting(born, wishes, otherwise);
        Collection<BroadcastTopic> known = topics.of(product);
        if (known == null) {
            waiting.computeIfAbsent(product, _ -> new LinkedHashMap<>()).put(session, one);
        } else {
            begin(session, one, known);
        }
    }

    private void begin(Session session, Waiting one, Collection<BroadcastTopic> known) {
        Map<String, TopicWish> left = one.wishes();
        if (!left.isEmpty()) {
            left = new LinkedHashMap<>(left);
        }
        for (BroadcastTopic topic : known) {
            TopicWish wish = left.isEmpty() ? null : left.remove(topic.name());
            if (!session.isEnded() && table.find(session, topic.name()) == null) {
                follow(session, topic, one.born(), wish);
            }
        }
        left.values().stream().filter(wish -> !wish.resume()).forEach(one.otherwise());
    }

    private void follow(Session session, BroadcastTopic topic, long born, @Nullable TopicWish wish) {
        BroadcastFollow follow = table.addBroadcast(session, walk(topic));
        if (wish != null) {
            follow.asked();
        }
        following.place(follow, born, wish == null ? null : wish.after());
    }

    /** A session has ended. */
    void ended(Session session) {
        if (!waiting.isEmpty()) {
            Map<Session, Waiting> others = waiting.get(session.endpoint().product());
            if (others != null) {
                others.remove(session);
            }
        }
    }

    @Override
    public void known(String product) {
        roomLoop.loop().execute(() -> begin(product));
    }

    private void begin(String product) {
        Map<Session, Waiting> all = waiting.remove(product);
        Collection<BroadcastTopic> known = topics.of(product);
        if (all != null && known != null) {
            begin(List.copyOf(all.entrySet()), 0, known);
        }
    }

    private void begin(List<Map.Entry<Session, Waiting>> all, int from, Collection<BroadcastTopic> known) {
        int to = Math.min(all.size(), from + BroadcastAppearance.PIECE);
        for (Map.Entry<Session, Waiting> one : all.subList(from, to)) {
            begin(one.getKey(), one.getValue(), known);
        }
        if (to < all.size()) {
            roomLoop.loop().afterOthers(() -> begin(all, to, known));
        }
    }

    @Override
    public void appeared(BroadcastTopic topic, boolean first) {
        roomLoop.loop().execute(() -> new BroadcastAppearance(roomLoop, walk(topic), first, this::follow).goOn());
    }

    /** Of a session that was there before the topic. */
    private void follow(Session session, BroadcastWalk walk, boolean first) {
        String product = walk.topic().product();
        boolean waits =
                waiting(product) > 0 && waiting.getOrDefault(product, Map.of()).containsKey(session);
        if (waits || table.find(session, walk.topic().name()) != null) {
            return;
        }
        BroadcastFollow follow = table.addBroadcast(session, walk);
        if (first) {
            follow.open(new TopicLogs.Position(0, 0), null);
        } else {
            following.refollow(session);
        }
    }
}
