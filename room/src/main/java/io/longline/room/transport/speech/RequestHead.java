package io.longline.room.transport.speech;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The head of an HTTP request.
 *
 * @param headers all values of a header, in their order; its name in lower case
 */
public record RequestHead(String method, String uri, Function<String, List<String>> headers) {
    /** Of the request line; a token may stand in it. */
    public static final int MAX_LINE_BYTES = 8 * 1024;

    /** Of all headers together. */
    public static final int MAX_HEADER_BYTES = 16 * 1024;

    /** Without what was asked. */
    String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    List<String> all(String name) {
        return headers.apply(name);
    }

    /** Whether one of the words that a header lists is this one, in whatever case. */
    boolean lists(String name, String word) {
        return words(name).stream().anyMatch(word::equalsIgnoreCase);
    }

    /** The words that a header lists, separated by commas. */
    List<String> words(String name) {
        return all(name).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .toList();
    }
}
