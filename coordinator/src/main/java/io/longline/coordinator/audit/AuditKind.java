package io.longline.coordinator.audit;

/** What can be wrong. */
public enum AuditKind {
    /** A route whose room does not have the session. */
    GHOST,
    /** A session that does not have the route: nobody has it, or a newer session whose bind ought to have ended this one. */
    LOST_SESSION,
    /** A message that waits for a session which could take it and knows nothing of it. */
    STRANDED_MESSAGE
}
