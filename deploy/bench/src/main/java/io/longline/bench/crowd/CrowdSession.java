package io.longline.bench.crowd;

import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Error;
import io.longline.v1.Ping;
import io.longline.v1.Push;
import io.longline.v1.Pushes;
import io.longline.v1.ServerFrame;
import io.longline.v1.Uplink;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is said on a link. On its loop. */
final class CrowdSession {
    private static final int NONE = 0;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final CrowdLoop loop;
    private final CrowdLink link;
    private final Client client;
    private long pingedNanos = NONE;
    /** When uplinks were due that are not answered yet, by their ids. */
    private final Map<String, Long> sent = new HashMap<>(1);

    CrowdSession(CrowdLoop loop, CrowdLink link, Client client) {
        this.loop = loop;
        this.link = link;
        this.client = client;
    }

    void take(ServerFrame frame) throws IOException {
        switch (frame.getKindCase()) {
            case WELCOME -> {
                if (frame.getWelcome().getBoundCount() != 1
                        || !frame.getWelcome().getBound(0).getOk()) {
                    throw new IOException("not bound: " + frame);
                }
                link.bound();
                loop.counts().sawLogin(System.nanoTime() - link.begunNanos());
            }
            case SUBSCRIBED -> loop.follows();
            case PUSH -> push(frame.getPush());
            case PUSHES -> pushes(frame.getPushes());
            case CAUGHT_UP -> client.caughtUp(loop.counts());
            case PONG -> pong();
            case UPLINK_ACK -> kept(frame.getUplinkAck().getId());
            case ERROR -> refused(frame.getError());
            case CLOSE -> {
                loop.failed(client + " was closed with " + frame.getClose().getCode());
                link.lost(frame.getClose().getRetryAfterMs());
            }
            default -> {}
        }
    }

    private void push(Push push) throws IOException {
        loop.counts().sawFrame();
        take(push);
        acknowledge(push);
    }

    /** Each is taken; of what follows each other in one order, the last one is acknowledged. */
    private void pushes(Pushes pushes) throws IOException {
        loop.counts().sawFrame();
        for (int i = 0; i < pushes.getItemsCount(); i++) {
            Push push = pushes.getItems(i);
            take(push);
            boolean isLast = i + 1 == pushes.getItemsCount()
                    || !pushes.getItems(i + 1).getTopic().equals(push.getTopic());
            if (isLast) {
                acknowledge(push);
            }
        }
    }

    private void take(Push push) {
        if (!Stamp.isOne(push.getText())) {
            return;
        }
        Stamp stamp = Stamp.of(push.getText());
        if (push.hasTopic()) {
            client.takeOfTopic(push.getTopic(), push.getOffset(), stamp, loop.counts());
        } else {
            client.take(push.getSeq(), stamp, loop.counts());
        }
    }

    private void acknowledge(Push push) throws IOException {
        if (!loop.acks()) {
            return;
        }
        Ack.Builder ack = Ack.newBuilder().setRef(1);
        if (push.hasTopic()) {
            say(ack.setTopic(push.getTopic()).setOffset(push.getOffset()));
        } else if (push.getSeq() > 0) {
            say(ack.setSeq(push.getSeq()));
        }
    }

    private void say(Ack.Builder ack) throws IOException {
        link.say(loop.wire().bytes(ClientFrame.newBuilder().setAck(ack).build()));
    }

    /** One that was not answered yet is not asked again. */
    void ping() throws IOException {
        if (pingedNanos == NONE) {
            pingedNanos = System.nanoTime();
            link.say(loop.wire()
                    .bytes(ClientFrame.newBuilder()
                            .setPing(Ping.getDefaultInstance())
                            .build()));
        }
    }

    /** Sends an uplink that was due at that moment, whether or not the ones before were answered. */
    void send(int run, int size, long dueNanos) throws IOException {
        Stamp stamp = new Stamp(run, client.nextUplink(run), dueNanos);
        String id = id(stamp);
        sent.put(id, dueNanos);
        loop.counts().sawSent();
        say(id, stamp.text(size));
    }

    /** Sends an uplink unless one waits for its answer, and that one again after a while. */
    void sendPatiently(Sending how, int run, int size, long dueNanos) throws IOException {
        Client.Unanswered waiting = client.unanswered();
        if (waiting == null && how == Sending.PATIENT) {
            Stamp stamp = new Stamp(run, client.nextUplink(run), dueNanos);
            waiting = new Client.Unanswered(id(stamp), stamp.text(size), dueNanos);
            client.unanswered(waiting);
            loop.counts().sawSent();
        }
        if (waiting != null && waiting.againNanos - System.nanoTime() <= 0) {
            waiting.againNanos = System.nanoTime() + AGAIN_NANOS;
            say(waiting.id, waiting.text);
        }
    }

    private static String id(Stamp stamp) {
        return stamp.run() + "-" + stamp.number();
    }

    private void say(String id, String text) throws IOException {
        link.say(loop.wire()
                .bytes(ClientFrame.newBuilder()
                        .setUplink(Uplink.newBuilder()
                                .setRef(1)
                                .setId(id)
                                .setType(Crowds.UPLINK_TYPE)
                                .setText(text))
                        .build()));
    }

    private void kept(String id) {
        Client.Unanswered waiting = client.unanswered();
        Long dueNanos = sent.remove(id);
        if (dueNanos != null) {
            loop.counts().sawKept(dueNanos);
        } else if (waiting != null && waiting.id.equals(id)) {
            client.unanswered(null);
            loop.counts().sawKept(waiting.dueNanos);
        }
    }

    /** One that is sent until it is acknowledged is sent again when it was asked for. */
    private void refused(Error error) {
        Client.Unanswered waiting = client.unanswered();
        if (error.hasId() && sent.remove(error.getId()) != null) {
            loop.counts().sawRefused();
        } else if (waiting != null && waiting.id.equals(error.getId())) {
            loop.counts().sawRefused();
            waiting.againNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs());
        }
    }

    private void pong() {
        if (pingedNanos != NONE) {
            loop.counts().sawPong(System.nanoTime() - pingedNanos);
            pingedNanos = NONE;
        }
    }
}
