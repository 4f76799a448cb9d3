package io.longline.frames.json;

/** JSON that is no frame of ours. It leaves the reader's recursion and becomes a value in {@link JsonText}; it has no stack trace. */
final class JsonProblem extends Exception {
    JsonProblem(String problem) {
        super(problem, null, false, false);
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
