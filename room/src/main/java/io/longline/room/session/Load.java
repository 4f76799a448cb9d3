package io.longline.room.session;

/** A load that is under way for a session, until it has brought its page. */
public final class Load {
    private final long known;
    private int failures;

    /**
     * A load that begins now.
     *
     * @param known the highest seq that was known of when the load began
     */
    Load(long known) {
        this.known = known;
    }

    /** How often it was tried in vain. */
    public int failures() {
        return failures;
    }

    void failed() {
        failures++;
    }

    /** Whether everything that hints named up to this seq was in the inbox, if ever, before the load began. */
    boolean covers(long seq) {
        return seq <= known;
    }
}
