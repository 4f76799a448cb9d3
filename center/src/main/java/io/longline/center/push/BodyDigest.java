package io.longline.center.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of targets, payload and options after defaults, but for {@code wait_ms}: what "the same body" means. Its form is kept
 * for 24 h in the store, of what is sent later until 24 h after that, so a change here makes repeated pushes conflict over an upgrade.
 */
public final class BodyDigest {
    private final MessageDigest digest = sha256();
    private long targets;
    private boolean choosesDevices;

    private BodyDigest() {}

    /** Of one push to one user. */
    static BodyDigest ofOne() {
        return new BodyDigest();
    }

    static BodyDigest ofList(int targets) {
        BodyDigest begun = new BodyDigest();
        begun.add("multicast " + targets);
        return begun;
    }

    /** Of a list that ends with {@link #endOfList}. */
    public static BodyDigest ofJob() {
        BodyDigest begun = new BodyDigest();
        begun.add("job");
        return begun;
    }

    /** Of one message to a topic. */
    static BodyDigest ofTopic(String topic) {
        BodyDigest begun = new BodyDigest();
        begun.add("topic");
        begun.add(topic);
        return begun;
    }

    /** Of one message to all users. */
    static BodyDigest ofBroadcast(String topic) {
        BodyDigest begun = new BodyDigest();
        begun.add("broadcast");
        begun.add(topic);
        return begun;
    }

    /** The next target. */
    public void add(Target target) {
        targets++;
        choosesDevices |= target.device() == null;
        add(target.user());
        add(target.device() == null ? "" : target.device());
    }

    public byte[] endOfList(Payload payload, PushOptions options) {
        add("targets " + targets);
        return end(payload, options);
    }

    byte[] end(Payload payload, PushOptions options) {
        switch (payload) {
            case Payload.Text text -> add("text", text.text().getBytes(StandardCharsets.UTF_8));
            case Payload.Binary binary -> add("data", binary.bytes());
            case Payload.None _ -> add("none");
        }
        add(options.qos() + " " + options.ttl().toSeconds());
        add(options.priority().name());
        add(choosesDevices ? options.devices().name() : "");
        add(options.inReplyTo());
        add(options.pullKey());
        if (!options.collapseKey().isEmpty()) { // so that bodies without one have the hash they always had
            add(options.collapseKey());
        }
        if (options.notifyOnly()) { // likewise; no collapse key has a space
            add("notify_only " + options.spread().toSeconds());
        }
        if (options.sendAtMs() > 0) { // likewise
            add("send_at_ms " + options.sendAtMs());
        }
        return digest.digest();
    }

    private void add(String kind, byte[] bytes) {
        add(kind);
        add(bytes);
    }

    private void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each part with its length before it, so that no two lists of parts make the same bytes. */
    private void add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
