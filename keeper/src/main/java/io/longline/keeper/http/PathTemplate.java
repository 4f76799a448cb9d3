package io.longline.keeper.http;

import io.longline.keeper.error.LonglineException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/users/{user}:kick}. Matches a path as it was sent, where a {@code :} in a name is percent-encoded. */
final class PathTemplate {
    private final String text;
    private final List<String> parts;

    PathTemplate(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("template " + text + ", expected a / at its beginning");
        }
        this.text = text;
        this.parts = split(text);
    }

    /** The decoded names, if the path is of this form. */
    Optional<Map<String, String>> match(String path) {
        List<String> found = split(path);
        if (found.size() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (!matchPart(parts.get(i), found.get(i), names)) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    private static boolean matchPart(String part, String found, Map<String, String> names) {
        if (!part.startsWith("{")) {
            return part.equals(found);
        }
        int brace = part.indexOf('}');
        String verb = part.substring(brace + 1);
        int colon = found.indexOf(':');
        String value = colon < 0 ? found : found.substring(0, colon);
        if (value.isEmpty() || !verb.equals(colon < 0 ? "" : found.substring(colon))) {
            return false;
        }
        names.put(
                part.substring(1, brace),
                Percent.decode(value)
                        .orElseThrow(() -> LonglineException.invalid(
                                part.substring(1, brace), "is not percent-encoded UTF-8: " + value)));
        return true;
    }

    private static List<String> split(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathTemplate that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
