package io.longline.register.route;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a session gave its endpoint back, as its room says and presence tells. */
public enum UnbindReason {
    CLIENT_UNBOUND,
    LINK_CLOSED,
    GOING_AWAY,
    TOO_SLOW,
    HEARTBEAT_MISSED,
    OVERLOADED,
    BAD_TOKEN,
    MALFORMED_FRAME,
    FRAME_TOO_LARGE,
    PROTOCOL_ABUSE,
    /** Nobody said why. */
    UNBOUND;

    private static final Map<String, UnbindReason> BY_WORD =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(UnbindReason::word, reason -> reason));

    /** A room of the release before says none, one of a later release perhaps another. */
    static UnbindReason of(String word) {
        return BY_WORD.getOrDefault(word, UNBOUND);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
