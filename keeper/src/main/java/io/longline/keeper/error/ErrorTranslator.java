package io.longline.keeper.error;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * The one translator of errors: into {@code google.rpc.Status} and the contract's JSON, and back. A reason that this
 * release does not know is read by its gRPC code.
 */
public final class ErrorTranslator {
    private static final String DOMAIN = "longline";
    private static final String DEPENDENCY = "dependency";

    private ErrorTranslator() {}

    /** For the {@code error} of a reply, or of a whole batch. */
    public static com.google.rpc.Status toStatus(Throwable error) {
        LonglineException known = fromAny(error);
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setReason(known.code().name()).setDomain(DOMAIN);
        known.dependency().ifPresent(name -> info.putMetadata(DEPENDENCY, name));
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(known.code().grpc().value())
                .setMessage(known.getMessage())
                .addDetails(Any.pack(info.build()));
        known.retryAfter().ifPresent(after -> status.addDetails(Any.pack(retryInfo(after))));
        if (!known.details().isEmpty()) {
            status.addDetails(Any.pack(badRequest(known)));
        }
        return status.build();
    }

    /** Of the {@code error} of a reply, or of a whole batch. */
    public static LonglineException fromStatus(com.google.rpc.Status status) {
        Optional<ErrorInfo> info = detail(status, ErrorInfo.class)
                .filter(found -> found.getDomain().equals(DOMAIN));
        ErrorCode code = info.flatMap(found -> named(found.getReason()))
                .orElseGet(() -> fromGrpcCode(
                        io.grpc.Status.fromCodeValue(status.getCode()).getCode()));
        LonglineException error = new LonglineException(code, status.getMessage());
        if (info.isPresent() && info.get().containsMetadata(DEPENDENCY)) {
            error = error.dependency(info.get().getMetadataOrThrow(DEPENDENCY));
        }
        Optional<RetryInfo> retry = detail(status, RetryInfo.class);
        if (retry.isPresent()) {
            error = error.retryAfter(duration(retry.get().getRetryDelay()));
        }
        for (BadRequest.FieldViolation violation : detail(status, BadRequest.class)
                .map(BadRequest::getFieldViolationsList)
                .orElse(List.of())) {
            error = error.detail(violation.getField(), violation.getDescription());
        }
        return error;
    }

    /** For the end of a gRPC call that is not batched. */
    public static StatusRuntimeException toGrpc(Throwable error) {
        return StatusProto.toStatusRuntimeException(toStatus(error));
    }

    /** Of the end of a gRPC call; {@code dependency} is the service that was called. */
    public static LonglineException fromGrpc(Throwable error, String dependency) {
        io.grpc.Status status;
        switch (error) {
            case StatusRuntimeException e -> status = e.getStatus();
            case StatusException e -> status = e.getStatus();
            default -> {
                return fromAny(error);
            }
        }
        com.google.rpc.Status details = StatusProto.fromThrowable(error);
        if (details != null && detail(details, ErrorInfo.class).isPresent()) {
            return fromStatus(details);
        }
        String message = dependency + ": " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription());
        return switch (status.getCode()) {
            // The peer is gone or refuses us; it said nothing of its own.
            case UNAVAILABLE, CANCELLED, UNKNOWN -> LonglineException.dependencyDown(dependency, message, error);
            default -> new LonglineException(fromGrpcCode(status.getCode()), message, error);
        };
    }

    /** The same where it is ours already, out of its wrappers; anything foreign is {@link ErrorCode#INTERNAL}. */
    public static LonglineException fromAny(Throwable error) {
        Throwable inner = error;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner instanceof LonglineException known
                ? known
                : new LonglineException(
                        ErrorCode.INTERNAL,
                        "internal error: " + inner.getClass().getSimpleName(),
                        inner);
    }

    /** As it is told to those outside, who know neither shards nor our deadlines, and always when to try again. */
    public static LonglineException outside(LonglineException error) {
        LonglineException shown = switch (error.code()) {
            case SHARD_LOST -> LonglineException.dependencyDown("redis", "redis was lost and is being refilled", error);
            case DEADLINE_EXCEEDED -> new LonglineException(ErrorCode.OVERLOADED, error.getMessage(), error);
            default -> error;
        };
        return shown.code().retryable() && shown.retryAfter().isEmpty()
                ? shown.retryAfter(error.retryAfter().orElse(ErrorJson.DEFAULT_RETRY))
                : shown;
    }

    /** The contract's error body, UTF-8. The HTTP status that goes with it is that of {@link #outside}. */
    public static byte[] toJson(LonglineException error, String requestId) {
        return toJson(error, outside(error).code().http(), requestId);
    }

    /** The same object as a tree, for answers in which one of many failed. */
    public static ObjectNode toNode(LonglineException error, String requestId) {
        LonglineException shown = outside(error);
        return ErrorJson.tree(shown, shown.code().http(), requestId);
    }

    /** The same under an HTTP status that has no reason of its own. */
    public static byte[] toJson(LonglineException error, int http, String requestId) {
        return ErrorJson.write(outside(error), http, requestId);
    }

    private static RetryInfo retryInfo(Duration after) {
        return RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(after.getSeconds())
                        .setNanos(after.getNano()))
                .build();
    }

    private static BadRequest badRequest(LonglineException error) {
        BadRequest.Builder request = BadRequest.newBuilder();
        error.details()
                .forEach(detail -> request.addFieldViolationsBuilder()
                        .setField(detail.field())
                        .setDescription(detail.problem()));
        return request.build();
    }

    private static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    private static <T extends Message> Optional<T> detail(com.google.rpc.Status status, Class<T> type) {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException e) {
                    return Optional.empty(); // As unreadable as a reason we do not know: the code must do.
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ErrorCode> named(String reason) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(reason))
                .findFirst();
    }

    private static ErrorCode fromGrpcCode(io.grpc.Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case OUT_OF_RANGE -> ErrorCode.PAYLOAD_TOO_LARGE;
            case RESOURCE_EXHAUSTED, UNAVAILABLE, ABORTED, CANCELLED -> ErrorCode.OVERLOADED;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            default -> ErrorCode.INTERNAL;
        };
    }
}
