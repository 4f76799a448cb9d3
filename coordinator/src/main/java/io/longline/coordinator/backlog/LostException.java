package io.longline.coordinator.backlog;

/** The lease is another's, or MySQL has seen a later fencing number: nothing is to be moved here any more. */
final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostException() {
        super("the shard is carried by another", null, false, false);
    }
}
