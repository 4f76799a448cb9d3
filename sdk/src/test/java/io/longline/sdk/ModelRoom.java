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
 * A room and a store with one inbox and one topic that the endpoint follows, which do what the protocol says: the newest link has them, an ack
 * empties the inbox, and one of the topic says where the next link goes on that does not say so itself.
 */
final class ModelRoom implements AutoCloseable {
    static final String TOPIC = "news";

    private static final int WINDOW = 64;
    private static final long POLL_MS = 200;

    private final TestRoom room = new TestRoom();
    private final List<Long> inbox = new ArrayList<>();
    private final List<Long> log = new ArrayList<>();
    private long acked;
    private long sent;
    private long passed;
    private long topicSent;
    private @Nullable RoomLink current;

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
    synchronized void publish(long offset) {
        log.add(offset);
        push();
    }

    /** All that ever came to the topic. */
    synchronized List<Long> published() {
        return List.copyOf(log);
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
        topicSent = passed;
        for (TopicPosition position : hello.getHello().getBind(0).getTopicsList()) {
            topicSent = position.getAfter();
            link.subscribed(TOPIC, topicSent);
        }
        push();
    }

    private synchronized void subscribe(RoomLink link, Subscribe subscribe) throws IOException {
        if (link == current) {
            topicSent = subscribe.hasAfter() ? subscribe.getAfter() : passed;
            link.subscribed(TOPIC, topicSent);
            push();
        }
    }

    private synchronized void ack(RoomLink link, Ack ack) {
        passed = Math.max(passed, ack.getOffset());
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
            for (long offset : log) {
                if (link != null && offset > topicSent) {
                    link.topicPush(TOPIC, offset);
                    topicSent = offset;
                }
            }
        } catch (IOException e) {
            current = null;
        }
    }

    @Override
    public void close() throws IOException {
        room.close();
    }
}
