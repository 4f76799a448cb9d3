package io.longline.sdk;

import io.longline.sdk.state.StateStore;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.TopicPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one endpoint: what the app follows by itself. What its back end lets it follow comes without a word of the app, and so do
 * broadcasts, the messages of topics that begin with {@code *}: every endpoint of a product follows those, and cannot end it.
 *
 * <p>Any thread may call, also before the client is started and while there is no link: the room is told as soon as it can be, and
 * {@link ConnectionListener#onFollowing} or {@link ConnectionListener#onTopicRefused} says what came of it. The server keeps what is followed, over
 * restarts of the app too, until {@link #unfollow} or until the back end ends it. Each method throws an {@link IllegalArgumentException} for a name
 * that is no topic's.
 */
public final class Topics {
    private static final int MAX_LENGTH = 128;
    private static final int MOST_LAST = 1_000;
    private static final String NOT_IN_A_TOPIC = "/?#%";

    /** A room looks at no more of a bind, and refuses the first one beyond them. */
    private static final int MOST_POSITIONS = 200;

    private final int ref;
    private final String endpoint;
    private final StateStore store;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    /** In the order in which they were named; changed by replacing it. */
    private volatile List<Topic> all = Collections.emptyList();

    private final Object saying = new Object();
    private volatile Runnable onWish = () -> {};

    Topics(int ref, String endpoint, StateStore store) {
        this.ref = ref;
        this.endpoint = endpoint;
        this.store = store;
    }

    /** The name of a topic's entry in the {@link StateStore}. */
    static String key(String endpoint, String topic) {
        return endpoint + "/" + topic;
    }

    // ---- the app ----

    /** Follows a topic: the first time from now on, later from where this endpoint was. */
    public void follow(String topic) {
        wish(topic, Topic::follow);
    }

    /**
     * Follows a topic from behind an offset on. What is behind it comes, as far as the topic still has it, also where the app has had it before.
     *
     * @param after an offset, not below 0; 0 is before the first message
     */
    public void follow(String topic, long after) {
        if (after < 0) {
            throw new IllegalArgumentException("after is " + after + ", expected an offset or 0");
        }
        wish(topic, one -> one.followAfter(after));
    }

    /**
     * Follows a topic from its newest messages on, likewise.
     *
     * @param messages how many of those that are there, from 0, which is from now on, to 1,000
     */
    public void followLast(String topic, int messages) {
        if (messages < 0 || messages > MOST_LAST) {
            throw new IllegalArgumentException("messages is " + messages + ", expected 0 to " + MOST_LAST);
        }
        wish(topic, one -> one.followLast(messages));
    }

    /** Follows a topic no longer, on this device, whoever began it. What is on the way still comes. */
    public void unfollow(String topic) {
        wish(topic, Topic::unfollow);
    }

    private void wish(String topic, Consumer<Topic> wanted) {
        require(topic);
        wanted.accept(of(topic));
        onWish.run();
    }

    private static void require(String topic) {
        if (topic.isEmpty() || topic.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "topic has " + topic.length() + " characters, expected 1 to " + MAX_LENGTH);
        }
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (c <= ' ' || c > '~' || NOT_IN_A_TOPIC.indexOf(c) >= 0) {
                throw new IllegalArgumentException(
                        "topic is \"" + topic + "\", expected printable ASCII without space and / ? # %");
            }
        }
        if (Topic.isOfBroadcasts(topic)) {
            throw new IllegalArgumentException("topic is \"" + topic
                    + "\", expected one that does not begin with *: those are of broadcasts, which everybody follows");
        }
    }

    // ---- the client ----

    /** Who is called after the app has said what it wants. */
    void onWish(Runnable call) {
        onWish = call;
    }

    /** Reads the state of an earlier run. */
    void load() {
        all.forEach(topic -> topic.progress().load());
    }

    /** Any topic, also one that only the back end lets it follow, or of broadcasts. Reads the store where it is new. */
    Topic of(String name) {
        Topic topic = topics.get(name);
        return topic == null ? add(name) : topic;
    }

    private synchronized Topic add(String name) {
        Topic topic = topics.get(name);
        if (topic == null) {
            Progress progress = new Progress(key(endpoint, name), store);
            progress.load();
            topic = new Topic(name, progress);
            topics.put(name, topic);
            List<Topic> more = new ArrayList<>(all);
            more.add(topic);
            all = more;
        }
        return topic;
    }

    /** One that the app has named, or got a message of; null otherwise. */
    @Nullable
    Topic known(String name) {
        return topics.get(name);
    }

    /**
     * For the bind on a new link: where to go on in what is followed already. Then in broadcasts, of as many topics as there is room for: in the
     * others the room goes on behind the last ack.
     */
    List<TopicPosition> positions() {
        List<TopicPosition> positions = new ArrayList<>();
        List<TopicPosition> ofBroadcasts = new ArrayList<>();
        for (Topic topic : all) {
            TopicPosition position = topic.position();
            if (position != null) {
                (Topic.isOfBroadcasts(topic.name()) ? ofBroadcasts : positions).add(position);
            }
        }
        int places = Math.max(0, MOST_POSITIONS - positions.size());
        positions.addAll(ofBroadcasts.subList(0, Math.min(places, ofBroadcasts.size())));
        return positions;
    }

    /** Writes a frame to the present link. */
    @FunctionalInterface
    interface Writing {
        void write(ClientFrame frame) throws IOException;
    }

    /** Tells the room what it was not told yet; the endpoint is bound. One thread at a time, so that of two wishes the later one is said later. */
    void say(long nowMs, Writing room) throws IOException {
        synchronized (saying) {
            for (Topic topic : all) {
                ClientFrame frame = topic.toSay(ref, nowMs);
                if (frame != null) {
                    say(topic, frame, room);
                }
            }
        }
    }

    private static void say(Topic topic, ClientFrame frame, Writing room) throws IOException {
        boolean written = false;
        try {
            room.write(frame);
            written = true;
        } finally {
            if (!written) {
                topic.notSaid();
            }
        }
    }

    /** When there is something to say. */
    long sayAtMs() {
        long first = Long.MAX_VALUE;
        for (Topic topic : all) {
            first = Math.min(first, topic.sayAtMs());
        }
        return first;
    }

    void linkLost(long nowMs) {
        all.forEach(topic -> topic.linkLost(nowMs));
    }

    /** Something of a topic was finished with and not yet acknowledged. */
    boolean hasAcks() {
        for (Topic topic : all) {
            if (!topic.progress().acks().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The acks that are taken from the batches of the topics; from most of them none is. */
    List<ClientFrame> acks(ToLongFunction<AckBatch> taken) {
        List<ClientFrame> acks = new ArrayList<>();
        for (Topic topic : all) {
            long offset = taken.applyAsLong(topic.progress().acks());
            if (offset > 0) {
                Ack.Builder ack =
                        Ack.newBuilder().setRef(ref).setTopic(topic.name()).setOffset(offset);
                acks.add(ClientFrame.newBuilder().setAck(ack).build());
            }
        }
        return acks;
    }
}
