package io.longline.center.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * One message to one user or to many, as a back end asked for it.
 *
 * @param idGiven whether the back end chose the id, and so may repeat the push
 * @param multicast whether a list was asked for, be it of one
 * @param payload as it was asked for, also where it does not travel ({@link PushOptions#notifyOnly})
 */
public record Push(
        String product,
        String messageId,
        boolean idGiven,
        boolean multicast,
        List<Target> targets,
        Payload payload,
        PushOptions options,
        boolean validateOnly) {

    public Push {
        targets = List.copyOf(targets);
    }

    /** Only what is stored, under an id that can come again, is claimed. */
    public boolean repeatable() {
        return idGiven && options.qos() == 1;
    }

    /** The same to other targets. */
    public Push to(List<Target> others) {
        return new Push(product, messageId, idGiven, multicast, others, payload, options, validateOnly);
    }

    /**
     * SHA-256 of targets, payload and options after defaults, but for {@code wait_ms}: what "the same body" means. Its form is kept
     * for 24 h in the store, of what is sent later until 24 h after that, so a change here makes repeated pushes conflict over an upgrade.
     */
    public byte[] bodyHash() {
        MessageDigest digest = sha256();
        if (multicast) {
            add(digest, "multicast " + targets.size());
        }
        for (Target target : targets) {
            add(digest, target.user());
            add(digest, target.device() == null ? "" : target.device());
        }
        switch (payload) {
            case Payload.Text text -> add(digest, "text", text.text().getBytes(StandardCharsets.UTF_8));
            case Payload.Binary binary -> add(digest, "data", binary.bytes());
            case Payload.None _ -> add(digest, "none");
        }
        add(digest, options.qos() + " " + options.ttl().toSeconds());
        add(digest, options.priority().name());
        boolean choosesDevices = targets.stream().anyMatch(target -> target.device() == null);
        add(digest, choosesDevices ? options.devices().name() : "");
        add(digest, options.inReplyTo());
        add(digest, options.pullKey());
        if (!options.collapseKey().isEmpty()) { // so that bodies without one have the hash they always had
            add(digest, options.collapseKey());
        }
        if (options.notifyOnly()) { // likewise; no collapse key has a space
            add(digest, "notify_only " + options.spread().toSeconds());
        }
        if (options.sendAtMs() > 0) { // likewise
            add(digest, "send_at_ms " + options.sendAtMs());
        }
        return digest.digest();
    }

    private static void add(MessageDigest digest, String kind, byte[] bytes) {
        add(digest, kind);
        add(digest, bytes);
    }

    private static void add(MessageDigest digest, String text) {
        add(digest, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each part with its length before it, so that no two lists of parts make the same bytes. */
    private static void add(MessageDigest digest, byte[] bytes) {
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
