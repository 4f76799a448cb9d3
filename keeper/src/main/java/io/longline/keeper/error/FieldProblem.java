package io.longline.keeper.error;

/** One field that is not what was expected: its path in the request ({@code options.ttl_s}), and what was expected. */
public record FieldProblem(String field, String problem) {}
