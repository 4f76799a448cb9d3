package io.longline.deploy.check.history;

/**
 * What a back end is told of a broadcast.
 *
 * @param reason empty where none is told
 * @param offset in the log of its topic; 0: it has not begun
 * @param targeted sessions that were let have it, and those that are still to have it
 * @param left of these, the latter
 */
public record BroadcastState(
        String state, String reason, long offset, long targeted, long sent, long acked, long skipped, long left) {

    /** Nothing follows upon this state. */
    public boolean isFinal() {
        return switch (state) {
            case "done", "cancelled", "failed" -> true;
            default -> false;
        };
    }

    public boolean isDone() {
        return state.equals("done");
    }

    @Override
    public String toString() {
        return state + (reason.isEmpty() ? "" : " (" + reason + ")") + ", offset " + offset + ", targeted " + targeted
                + ", sent " + sent + ", acked " + acked + ", skipped " + skipped + ", left " + left;
    }
}
