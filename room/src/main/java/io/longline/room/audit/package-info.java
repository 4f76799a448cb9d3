/**
 * The sessions of this room as the auditor compares them with routes and inboxes, and what it has done about one that is lost or was not
 * told of a message: {@link io.longline.room.audit.SessionAudit}, behind {@link io.longline.room.audit.SessionAuditGrpcService}.
 *
 * <p>Sessions are looked at on their loops, some slots at a time.
 */
@NullMarked
package io.longline.room.audit;

import org.jspecify.annotations.NullMarked;
