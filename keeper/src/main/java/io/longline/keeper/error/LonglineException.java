package io.longline.keeper.error;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in the words of the contract. The one unchecked exception of the house; futures of keeper complete
 * exceptionally with nothing else.
 *
 * <p>Only {@link ErrorCode#INTERNAL} carries a stack trace: the other codes are answers, made by the thousand when a
 * process is overloaded, and their message says where they come from.
 */
public final class LonglineException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable Duration retryAfter;
    private final @Nullable String dependency;
    private final List<FieldProblem> details;

    public LonglineException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public LonglineException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, null, null, List.of());
    }

    private LonglineException(
            ErrorCode code,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String dependency,
            List<FieldProblem> details) {
        super(message, cause, true, code == ErrorCode.INTERNAL);
        this.code = code;
        this.retryAfter = retryAfter;
        this.dependency = dependency;
        this.details = details;
    }

    /** {@link ErrorCode#INVALID_ARGUMENT} of one field; the problem says what was expected. */
    public static LonglineException invalid(String field, String problem) {
        return new LonglineException(ErrorCode.INVALID_ARGUMENT, field + ": " + problem).detail(field, problem);
    }

    /** {@link ErrorCode#DEPENDENCY_DOWN} of a store ({@code redis}, {@code mysql}, {@code zookeeper}) or a service. */
    public static LonglineException dependencyDown(String dependency, String message, @Nullable Throwable cause) {
        return new LonglineException(ErrorCode.DEPENDENCY_DOWN, message, cause).dependency(dependency);
    }

    public ErrorCode code() {
        return code;
    }

    /** The message, which is never absent. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? code.name() : message;
    }

    /** When it is worth trying again, if whoever failed knows. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    public Optional<String> dependency() {
        return Optional.ofNullable(dependency);
    }

    public List<FieldProblem> details() {
        return details;
    }

    /** A copy with that added. */
    public LonglineException retryAfter(Duration after) {
        return copy(after, dependency, details);
    }

    /** A copy with that added. */
    public LonglineException dependency(String name) {
        return copy(retryAfter, name, details);
    }

    /** A copy with that added. */
    public LonglineException detail(String field, String problem) {
        List<FieldProblem> more = Stream.concat(details.stream(), Stream.of(new FieldProblem(field, problem)))
                .toList();
        return copy(retryAfter, dependency, more);
    }

    private LonglineException copy(@Nullable Duration after, @Nullable String name, List<FieldProblem> problems) {
        LonglineException copy = new LonglineException(code, getMessage(), getCause(), after, name, problems);
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
