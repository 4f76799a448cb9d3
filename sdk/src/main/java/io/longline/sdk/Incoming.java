package io.longline.sdk;

import io.longline.sdk.link.Link;
import io.longline.v1.CaughtUp;
import io.longline.v1.Gap;
import io.longline.v1.Push;
import io.longline.v1.Subscribed;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * What one link brings for the app, on its way there. {@code longline-link} puts it into the queue; while the app is behind and the queue is
 * full, that thread keeps the link alive but does not read.
 */
final class Incoming {
    private final Link link;
    private final Outgoing outgoing;
    private final Delivery delivery;
    private volatile boolean abandoned;
    private volatile boolean over;

    Incoming(Link link, Outgoing outgoing, Delivery delivery) {
        this.link = link;
        this.outgoing = outgoing;
        this.delivery = delivery;
    }

    void push(Session session, Push push) throws IOException, InterruptedException {
        enqueue(() -> take(session, push));
    }

    void caughtUp(Session session, CaughtUp caughtUp) throws IOException, InterruptedException {
        tellInOrder(listener -> listener.onCaughtUp(session.product(), session.user(), caughtUp.getSeq()));
    }

    /** What was finished with before counts again from here on where the app asked for it. Broadcasts it does not ask for. */
    void subscribed(Session session, Subscribed subscribed) throws IOException, InterruptedException {
        String topic = subscribed.getTopic();
        if (Topic.isOfBroadcasts(topic)) {
            return;
        }
        Topic followed = session.topics().known(topic);
        if (followed != null) {
            followed.subscribed(subscribed.getOffset());
        }
        Runnable call = delivery.event(
                listener -> listener.onFollowing(session.product(), session.user(), topic, subscribed.getOffset()));
        enqueue(() -> {
            if (!abandoned) {
                if (followed != null) {
                    followed.reached(subscribed.getOffset());
                }
                call.run();
            }
        });
    }

    void gap(Session session, Gap gap) throws IOException, InterruptedException {
        tellInOrder(
                listener -> listener.onGap(session.product(), session.user(), gap.getTopic(), gap.getFirstOffset()));
    }

    /** Not after a message that could not be handled: what came before this in the app's eyes comes again. */
    private void tellInOrder(Consumer<ConnectionListener> event) throws IOException, InterruptedException {
        Runnable call = delivery.event(event);
        enqueue(() -> {
            if (!abandoned) {
                call.run();
            }
        });
    }

    void tell(Consumer<ConnectionListener> event) throws IOException, InterruptedException {
        enqueue(delivery.event(event));
    }

    /** A message could not be handled, and so the link was closed. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** The link is gone. What it brought is handed over all the same; the acks are then the next link's. */
    void linkLost() {
        over = true;
    }

    private void enqueue(Runnable call) throws IOException, InterruptedException {
        while (!delivery.offer(call, AckBatch.MAX_AGE_MS)) {
            if (!over) {
                outgoing.writeDue();
                outgoing.pingIfDue();
            }
        }
    }

    /** On the thread of the app. After a message that could not be handled none behind it may be handed over: they all come again. */
    private void take(Session session, Push push) {
        if (abandoned) {
            return;
        }
        try {
            session.take(push, delivery.pulls());
        } catch (Throwable e) { // the app's: Kotlin may throw anything
            delivery.failed(e);
            if (push.getSeq() != 0 || push.getOffset() != 0) {
                abandoned = true;
                link.close();
            }
            return;
        }
        if (!over) {
            try {
                outgoing.writeDue();
            } catch (IOException e) {
                link.close();
            }
        }
    }
}
