package io.longline.keeper.http;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The id by which one request is found in the logs of all services. */
final class RequestIds {
    static final String HEADER = "X-Request-Id";

    private static final int MAX_LENGTH = 128;

    private RequestIds() {}

    /** The caller's if it is one: 1 to 128 characters of printable ASCII; else a new one. */
    static String of(Optional<String> given) {
        return given.filter(RequestIds::acceptable)
                .orElseGet(() -> "%016x".formatted(ThreadLocalRandom.current().nextLong()));
    }

    private static boolean acceptable(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
