package io.longline.saver.quota;

/** What a message to a user may be over. */
enum UserLimit {
    NONE(""),
    HOUR_MESSAGES("messages an hour"),
    HOUR_BYTES("bytes an hour"),
    DAY_MESSAGES("messages a day"),
    DAY_BYTES("bytes a day");

    private final String unit;

    UserLimit(String unit) {
        this.unit = unit;
    }

    String unit() {
        return unit;
    }
}
