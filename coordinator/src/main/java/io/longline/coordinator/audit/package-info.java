/**
 * The auditor: compares what rooms, register and inboxes say of the same sessions, a bounded number a second, and mends what stays wrong.
 * {@link io.longline.coordinator.audit.AuditRound} is one round; {@link io.longline.coordinator.audit.Auditor} runs one after the other in
 * one coordinator, {@link io.longline.coordinator.audit.AuditGrpcService} one when an operator asks.
 *
 * <p>A round belongs to the virtual thread that runs it.
 */
@NullMarked
package io.longline.coordinator.audit;

import org.jspecify.annotations.NullMarked;
