package io.longline.center.push;

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

    /** What "the same body" means: {@link BodyDigest}. */
    public byte[] bodyHash() {
        BodyDigest digest = multicast ? BodyDigest.ofList(targets.size()) : BodyDigest.ofOne();
        targets.forEach(digest::add);
        return digest.end(payload, options);
    }
}
