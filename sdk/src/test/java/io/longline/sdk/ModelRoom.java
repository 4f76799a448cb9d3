package io.longline.sdk;

import io.longline.frames.CloseCode;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room and a store with one inbox, one topic that the endpoint follows and one of broadcasts, which do what the protocol says: the newest link
 * has them, an ack empties the inbox, and one of a topic says where the next link goes on that does not say so itself.
 */
final class ModelRoom implements AutoCloseable {
    static final String TOPIC = "news";
    static final String BROADCASTS = "*";

    private static final int WINDOW = 64;
    private static final long POLL_MS = 200;

    private final TestRoom room = new TestRoom();
    private final List<Long> inbox = new ArrayList<>();
    private final List<Log> logs = List.of(new Log(TOPIC), new Log(BROADCASTS));
    private long acked;
    private long sent;
    private @Nullable RoomLink current;

    private static final class Log {
        private final String topic;
        private final List<Long> offsets = new ArrayList<>();
        private long passed;
        private long sent;

        Log(String topic) {
            this.topic = topic;
        }
    }

    private Log log(String topic) {
        return logs.get(topic.equals(BROADCASTS) ? 1 : 0);
    }

    ModelRoom() throws IOException {
        Thread thread = new Thread(this::accept, "model-room");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return room.address().getPort();
    }

    /** A message comes; the seq is above all before. */
    synchronized void store(long seq) {
        inbox.add(seq);
        push();
    }

    /** A message comes to the topic; the offset is above all before. */
    synchronized void publish(String topic, long offset) {
        log(topic).offsets.add(offset);
        push();
    }

    /** All that ever came to the topic. */
    synchronized List<Long> published(String topic) {
        return List.copyOf(log(topic).offsets);
    }

    /** Some messages have no payload. */
    static boolean isNotice(long seq) {
        return seq % 7 == 0;
    }

    /** All that ever came. */
    synchronized List<Long> stored() {
        return List.copyOf(inbox);
    }

    synchronized long acked() {
        return acked;
    }

    /** Ends the present link with a code, if there is one. */
    synchronized void end(CloseCode code, long retryAfterMs) {
        if (current != null) {
            end(current, code, retryAfterMs);
            current = null;
        }
    }

    private static void end(RoomLink link, CloseCode code, long retryAfterMs) {
        try {
            link.close(code, retryAfterMs);
        } catch (IOException e) {
            // It had ended.
        }
    }

    private void accept() {
        try {
            while (true) {
                RoomLink link = room.link();
                Thread thread = new Thread(() -> serve(link), "model-room-link");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (InterruptedException | AssertionError e) {
            // No client comes any more.
        }
    }

    private void serve(RoomLink link) {
        try {
            while (!link.hasEnded() || link.isWaited()) {
                ClientFrame frame = link.poll(POLL_MS);
                if (frame != null && frame.hasHello()) {
                    open(link, frame);
                } else if (frame != null && frame.hasSubscribe()) {
                    subscribe(link, frame.getSubscribe());
                } else if (frame != null && frame.hasAck()) {
                    ack(link, frame.getAck());
                }
            }
        } catch (Exception e) {
            // The link broke while something was written to it.
        }
    }

    private synchronized void open(RoomLink link, ClientFrame hello) throws Exception {
        if (current != null) {
            end(current, CloseCode.REPLACED, 0);
        }
        current = link;
        acked = Math.max(acked, hello.getHello().getBind(0).getSeq());
        sent = acked;
        link.heartbeat(1).welcome(hello.getHello());
        logs.forEach(log -> log.sent = log.passed);
        for (TopicPosition position : hello.getHello().getBind(0).getTopicsList()) {
            log(position.getTopic()).sent = position.getAfter();
            link.subscribed(position.getTopic(), position.getAfter());
        }
        push();
    }

    private synchronized void subscribe(RoomLink link, Subscribe subscribe) throws IOException {
        if (link == current) {
            Log log = log(subscribe.getTopic());
            log.sent = subscribe.hasAfter() ? subscribe.getAfter() : log.passed;
            link.subscribed(log.topic, log.sent);
            push();
        }
    }

    private synchronized void ack(RoomLink link, Ack ack) {
        Log log = log(ack.getTopic());
        log.passed = Math.max(log.passed, ack.getOffset());
        acked = Math.max(acked, ack.getSeq());
        if (link == current) {
            push();
        }
    }

    private void push() {
        RoomLink link = current;
        long open = inbox.stream().filter(seq -> seq > acked && seq <= sent).count();
        try {
            for (long seq : inbox) {
                if (link != null && seq > sent && open < WINDOW) {
                    if (isNotice(seq)) {
                        link.notice(seq, 0);
                    } else {
                        link.push(seq);
                    }
                    sent = seq;
                    open++;
                }
            }
            for (Log log : logs) {
                push(link, log);
            }
        } catch (IOException e) {
            current = null;
        }
    }

    private static void push(@Nullable RoomLink link, Log log) throws IOException {
        for (long offset : log.offsets) {
            if (link != null && offset > log.sent) {
                link.topicPush(log.topic, offset);
                log.sent = offset;
            }
        }
    }

    @Override
    public void close() throws IOException {
        room.close();
    }
}
