package io.longline.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An app that notes what it is given. */
final class TestApp implements MessageListener, ConnectionListener {
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void onMessage(Message message) {
        messages.add(message);
    }

    @Override
    public void onConnected(String room) {
        events.add("connected");
    }

    @Override
    public void onBound(String product, String user) {
        events.add("bound " + product + "/" + user);
    }

    @Override
    public void onCaughtUp(String product, String user, long seq) {
        events.add("caught up " + seq + " after " + messages.size());
    }

    @Override
    public void onUnbound(String product, String user, int code, String reason, boolean comesBack) {
        events.add("unbound " + product + " " + code + (comesBack ? ", comes back" : ""));
    }

    @Override
    public void onClosed(int code, String reason, boolean comesBack) {
        events.add("closed " + code + (comesBack ? ", comes back" : ""));
    }

    @Override
    public void onFollowing(String product, String user, String topic, long offset) {
        events.add("following " + topic + " after " + offset);
    }

    @Override
    public void onGap(String product, String user, String topic, long firstOffset) {
        events.add("gap " + topic + " " + firstOffset);
    }

    @Override
    public void onTopicRefused(String product, String user, String topic, String reason, String message) {
        events.add("refused " + topic + " " + reason + ": " + message);
    }

    @Override
    public void onPullExpired(Message message) {
        events.add("pull expired " + message.messageId());
    }

    @Override
    public void onFailed(Throwable problem) {
        events.add("failed " + problem.getMessage());
    }

    List<Message> messages() {
        return messages;
    }

    List<Long> seqs() {
        List<Long> seqs = new ArrayList<>();
        for (Message message : messages) {
            seqs.add(message.seq());
        }
        return seqs;
    }

    List<Long> offsets() {
        List<Long> offsets = new ArrayList<>();
        for (Message message : messages) {
            offsets.add(message.offset());
        }
        return offsets;
    }

    List<String> events() {
        return events;
    }
}
