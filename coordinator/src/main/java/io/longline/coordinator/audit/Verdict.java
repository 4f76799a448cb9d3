package io.longline.coordinator.audit;

/** How something is at one look. */
enum Verdict {
    FINE,
    WRONG,
    /** Something is being done about it, so nobody can say. */
    UNDER_WAY,
    /** Who would know did not answer, or has lost it. */
    UNKNOWN
}
