package io.longline.room.session;

import io.longline.v1.CaughtUp;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;

/** The frames that messages travel in. */
public final class PushFrames {
    private PushFrames() {}

    /**
     * A {@code push} of one message.
     *
     * @param seq 0: QoS 0, the frame has no seq
     */
    static ServerFrame of(int ref, long seq, Message message, long nowMs) {
        Push.Builder push = push(ref, message, nowMs);
        if (seq != 0) {
            push.setSeq(seq);
        }
        return ServerFrame.newBuilder().setPush(push).build();
    }

    /** A {@code push} of one message of a topic. */
    public static ServerFrame ofTopic(int ref, String topic, long offset, Message message, long nowMs) {
        return ServerFrame.newBuilder()
                .setPush(push(ref, message, nowMs).setTopic(topic).setOffset(offset))
                .build();
    }

    private static Push.Builder push(int ref, Message message, long nowMs) {
        Push.Builder push = Push.newBuilder()
                .setRef(ref)
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
