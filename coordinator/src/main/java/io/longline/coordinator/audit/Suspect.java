package io.longline.coordinator.audit;

/**
 * Something that looked wrong once.
 *
 * @param place of the route or the session
 * @param generation likewise
 * @param seq of the message; 0: it is about none
 */
record Suspect(Flaw flaw, Endpoint endpoint, Place place, long generation, long seq) {

    /** What is wrong, and so what mends it. */
    enum Flaw {
        GHOST(AuditKind.GHOST),
        /** Nobody has its endpoint, or an older session has: it is bound anew. */
        UNBOUND(AuditKind.LOST_SESSION),
        /** A newer session has its endpoint: it is ended. */
        OUTLIVED(AuditKind.LOST_SESSION),
        STRANDED(AuditKind.STRANDED_MESSAGE);

        private final AuditKind kind;

        Flaw(AuditKind kind) {
            this.kind = kind;
        }
    }

    AuditKind kind() {
        return flaw.kind;
    }

    BoundRoute route() {
        return new BoundRoute(endpoint, place, generation);
    }
}
