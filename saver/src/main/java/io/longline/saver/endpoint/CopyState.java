package io.longline.saver.endpoint;

import java.util.Arrays;
import java.util.Optional;

/** What became of a copy of a message. The first final state that is stored wins. */
public enum CopyState {
    STORED(1),
    /** Handed to a link. */
    WRITTEN(2),
    ACKED(3),
    EXPIRED(4),
    COLLAPSED(5),
    RECALLED(6),
    DROPPED(7),
    /** No copy yet: its message is to be sent later. */
    SCHEDULED(8);

    private final int code;

    CopyState(int code) {
        this.code = code;
    }

    public static Optional<CopyState> ofCode(int code) {
        return Arrays.stream(values()).filter(state -> state.code == code).findFirst();
    }

    /** Nothing follows. */
    public boolean isFinal() {
        return compareTo(WRITTEN) > 0 && this != SCHEDULED;
    }

    /** Its number in the journal; it never changes. */
    public int code() {
        return code;
    }
}
