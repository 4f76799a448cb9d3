package io.longline.keeper.error;

import io.grpc.Status;

/**
 * The reasons of errors, as they stand in the contract's {@code reason}. What each means and who gets it: {@code
 * proto/rpc/ERRORS.md}, which a test compares with this list.
 */
public enum ErrorCode {
    INVALID_ARGUMENT(400, Status.Code.INVALID_ARGUMENT),
    UNAUTHENTICATED(401, Status.Code.UNAUTHENTICATED),
    PERMISSION_DENIED(403, Status.Code.PERMISSION_DENIED),
    NOT_FOUND(404, Status.Code.NOT_FOUND),
    MESSAGE_NOT_FOUND(404, Status.Code.NOT_FOUND),
    USER_NOT_FOUND(404, Status.Code.NOT_FOUND),
    JOB_NOT_FOUND(404, Status.Code.NOT_FOUND),
    METHOD_NOT_ALLOWED(405, Status.Code.UNIMPLEMENTED),
    IDEMPOTENCY_CONFLICT(409, Status.Code.ALREADY_EXISTS),
    JOB_STATE_CONFLICT(409, Status.Code.FAILED_PRECONDITION),
    ALREADY_EXISTS(409, Status.Code.ALREADY_EXISTS),
    PAYLOAD_TOO_LARGE(413, Status.Code.OUT_OF_RANGE),
    PRODUCT_RATE_EXCEEDED(429, Status.Code.RESOURCE_EXHAUSTED),
    USER_RATE_EXCEEDED(429, Status.Code.RESOURCE_EXHAUSTED),
    INBOX_FULL(429, Status.Code.RESOURCE_EXHAUSTED),
    QUEUE_FULL(429, Status.Code.RESOURCE_EXHAUSTED),
    INTERNAL(500, Status.Code.INTERNAL),
    OVERLOADED(503, Status.Code.UNAVAILABLE),
    DEPENDENCY_DOWN(503, Status.Code.UNAVAILABLE),
    DRAINING(503, Status.Code.UNAVAILABLE),
    /** Inside only; outside it is {@link #OVERLOADED}. */
    DEADLINE_EXCEEDED(503, Status.Code.DEADLINE_EXCEEDED),
    /** Inside only; outside it is {@link #DEPENDENCY_DOWN} of {@code redis}. */
    SHARD_LOST(503, Status.Code.ABORTED);

    private final int http;
    private final Status.Code grpc;

    ErrorCode(int http, Status.Code grpc) {
        this.http = http;
        this.grpc = grpc;
    }

    /** The HTTP status. */
    public int http() {
        return http;
    }

    /** Whether the same request may succeed later: 429 and 503. */
    public boolean retryable() {
        return http == 429 || http == 503;
    }

    Status.Code grpc() {
        return grpc;
    }
}
