package io.longline.keeper.id;

import io.longline.keeper.error.LonglineException;
import java.util.Optional;

/**
 * The ids of the contract. A product is {@code [a-z0-9-]{1,32}} and not {@code admin}; user, device, message_id, topic,
 * uplink type and group are 1 to 128 characters of printable ASCII without space and {@code / ? # %}.
 */
public final class Ids {
    public static final int MAX_LENGTH = 128;
    public static final int MAX_PRODUCT_LENGTH = 32;

    private Ids() {}

    /** What is wrong with a user, device, message_id, topic, type or group; empty: nothing. */
    public static Optional<String> problem(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return Optional.of("has " + id.length() + " characters, expected 1 to " + MAX_LENGTH);
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c > '~' || c == '/' || c == '?' || c == '#' || c == '%') {
                return Optional.of("has " + shown(c) + " at position " + i
                        + ", expected printable ASCII without space and / ? # %");
            }
        }
        return Optional.empty();
    }

    /** What is wrong with the id of a product; empty: nothing. */
    public static Optional<String> productProblem(String id) {
        if (id.isEmpty() || id.length() > MAX_PRODUCT_LENGTH) {
            return Optional.of("has " + id.length() + " characters, expected 1 to " + MAX_PRODUCT_LENGTH);
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
                return Optional.of("has " + shown(c) + " at position " + i + ", expected a-z, 0-9 and -");
            }
        }
        return id.equals("admin") ? Optional.of("is reserved for operators") : Optional.empty();
    }

    /** The id itself, or INVALID_ARGUMENT that names the field. */
    public static String require(String field, String id) {
        problem(id).ifPresent(problem -> {
            throw LonglineException.invalid(field, problem);
        });
        return id;
    }

    /** The id of a product itself, or INVALID_ARGUMENT that names the field. */
    public static String requireProduct(String field, String id) {
        productProblem(id).ifPresent(problem -> {
            throw LonglineException.invalid(field, problem);
        });
        return id;
    }

    private static String shown(char c) {
        return c > ' ' && c <= '~' ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }
}
