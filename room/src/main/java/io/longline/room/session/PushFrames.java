package io.longline.room.session;

import io.longline.v1.CaughtUp;
import io.longline.v1.Push;
import io.longline.v1.Pushes;
import io.longline.v1.ServerFrame;
import java.util.List;

/** The frames that messages travel in. */
public final class PushFrames {
    private PushFrames() {}

    /**
     * A {@code push} of one message.
     *
     * @param seq 0: QoS 0, the frame has no seq
     */
    static ServerFrame of(int ref, long seq, Message message, long nowMs) {
        Push.Builder push = push(message, nowMs).setRef(ref);
        if (seq != 0) {
            push.setSeq(seq);
        }
        return ServerFrame.newBuilder().setPush(push).build();
    }

    /** A {@code push} of one message that is stored nowhere. */
    public static ServerFrame now(int ref, Message message, long nowMs) {
        return of(ref, 0, message, nowMs);
    }

    /** A {@code push} of one message of a topic. */
    public static ServerFrame ofTopic(int ref, String topic, long offset, Message message, long nowMs) {
        return ServerFrame.newBuilder()
                .setPush(itemOfTopic(topic, offset, message, nowMs).setRef(ref))
                .build();
    }

    /** The same as one of several in a {@code pushes}. */
    public static Push.Builder itemOfTopic(String topic, long offset, Message message, long nowMs) {
        return push(message, nowMs).setTopic(topic).setOffset(offset);
    }

    /** One {@code push}, or a {@code pushes} of several; at least one. */
    public static ServerFrame of(int ref, List<Push.Builder> items) {
        if (items.size() == 1) {
            return ServerFrame.newBuilder()
                    .setPush(items.getFirst().setRef(ref))
                    .build();
        }
        Pushes.Builder pushes = Pushes.newBuilder().setRef(ref);
        items.forEach(pushes::addItems);
        return ServerFrame.newBuilder().setPushes(pushes).build();
    }

    private static Push.Builder push(Message message, long nowMs) {
        Push.Builder push = Push.newBuilder()
                .setMessageId(message.id())
                .setSentAtMs(message.sentAtMs())
                .setTtlMs(message.ttlLeftMs(nowMs))
                .setPriority(message.priority())
                .setQos(message.qos());
        String text = message.text();
        if (message.notifyOnly()) {
            push.setNotifyOnly(true).setSpreadS(message.spreadS());
        } else if (text != null) {
            push.setText(text);
        } else {
            push.setData(message.data());
        }
        if (!message.collapseKey().isEmpty()) {
            push.setCollapseKey(message.collapseKey());
        }
        if (!message.inReplyTo().isEmpty()) {
            push.setInReplyTo(message.inReplyTo());
        }
        if (!message.pullKey().isEmpty()) {
            push.setPullKey(message.pullKey());
        }
        return push;
    }

    static ServerFrame caughtUp(int ref, long seq) {
        return ServerFrame.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder().setRef(ref).setSeq(seq))
                .build();
    }
}
